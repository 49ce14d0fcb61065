import { useTranslations } from "next-intl";
import { KeyLine } from "../key-line.tsx";

const keys = [
  ["edit", "F2, Enter"],
  ["keep", "Tab, Enter"],
  ["undo", "Esc"],
  ["null", "Ctrl+Alt+N"],
  ["default", "Ctrl+Alt+D"],
  ["choose", "Space"],
  ["delete", "Delete"],
  ["add", "Ctrl+Alt+Insert"],
  ["copy", "Ctrl+Alt+Shift+Insert"],
  ["review", "Ctrl+S"],
] as const;

/** The keys by which rows are changed. */
export function ChangeKeys() {
  const t = useTranslations("changes.keys");
  return keys.map(([name, key]) => <KeyLine key={name} keys={key} does={t(name)} />);
}
