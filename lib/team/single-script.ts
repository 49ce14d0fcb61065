import "server-only";

/**
 * Whether all letters of a name can be of one script: no Latin name with one Cyrillic letter in it passes for another.
 * Unicode Technical Standard 39, section 5.1 (single script), with the augmented sets that let Han go with kana, Hangul and
 * Bopomofo, as people there write; digits, marks and signs belong to every script. A letter of a script that names are
 * not written in any more (Unicode Standard Annex 31, table 4) is of none.
 */
export function isSingleScript(name: string): boolean {
  let possible: readonly string[] | undefined;
  for (const letter of name.normalize("NFD")) {
    if (ofAny.test(letter)) continue;
    const own = writings.filter(({ letters }) => letters.test(letter)).map(({ name: writing }) => writing);
    possible = possible === undefined ? own : possible.filter((writing) => own.includes(writing));
    if (possible.length === 0) return false;
  }
  return true;
}

/** Common and Inherited, unless a sign is used with some scripts alone. */
const ofAny = /^[\p{scx=Common}\p{scx=Inherited}]$/u;

/** Recommended scripts (Unicode Standard Annex 31, table 5), then those in limited use (table 7). */
const scripts =
  "Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hebrew Kannada Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan " +
  "Adlam Balinese Bamum Batak Canadian_Aboriginal Chakma Cham Cherokee Hanifi_Rohingya Javanese Kayah_Li Lepcha Limbu Lisu Mandaic Meetei_Mayek Miao New_Tai_Lue Newa Nko Nyiakeng_Puachue_Hmong Ol_Chiki Osage Saurashtra Sundanese Syloti_Nagri Syriac Tai_Le Tai_Tham Tai_Viet Tifinagh Vai Wancho Yi";

const writings = [
  ...scripts.split(" ").map((script) => ({ name: script, letters: new RegExp(`^\\p{scx=${script}}$`, "u") })),
  { name: "Japanese", letters: /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]$/u },
  { name: "Korean", letters: /^[\p{scx=Han}\p{scx=Hangul}]$/u },
  { name: "Chinese with Bopomofo", letters: /^[\p{scx=Han}\p{scx=Bopomofo}]$/u },
];
