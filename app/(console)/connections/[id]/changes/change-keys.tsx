import { useTranslations } from "next-intl";
import { KeyLine } from "../key-line.tsx";
import { keysOfChanges } from "./keys-of-changes.ts";

/** The keys by which rows are changed. */
export function ChangeKeys() {
  const t = useTranslations("changes.keys");
  return keysOfChanges.map(([name, key]) => <KeyLine key={name} keys={key} does={t(name)} />);
}
