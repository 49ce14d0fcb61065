import type { SelectOption } from "./select-field.tsx";

/**
 * The options whose names hold every word of a text, without regard to case, accents, `/` and `_`. Those with a part
 * that begins with the text come first.
 */
export function findOptions(options: readonly SelectOption[], text: string): readonly SelectOption[] {
  const words = plain(text).split(" ").filter(Boolean);
  if (words.length === 0) return options;
  const found = options.filter(({ label }) => {
    const name = plain(label);
    return words.every((word) => name.includes(word));
  });
  const leads = ({ label }: SelectOption) => ` ${plain(label)}`.includes(` ${words.join(" ")}`);
  return [...found.filter(leads), ...found.filter((option) => !leads(option))];
}

function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[\s/_]+/g, " ");
}
