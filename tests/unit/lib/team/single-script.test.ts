import { expect, test } from "vitest";
import { isSingleScript } from "#lib/team/single-script.ts";

test.each([
  "ann",
  "Ann Lee-O’Hara 2",
  "José",
  "Jose\u0301",
  "Łukasz Żółć",
  "Анна Иванова",
  "Άννα",
  "陳大文",
  "山田たろう",
  "山田タロー",
  "김철수",
  "金철수",
  "ㄅㄆㄇ 陳",
  "محمد ١٢",
  "דוד",
  "अनिता १",
  "ᏣᎳᎩ",
  "12 _.-",
  "",
])("%j is written in one script", (name) => {
  expect(isSingleScript(name)).toBe(true);
});

test.each([
  ["Cyrillic а in Latin", "\u0430nn"],
  ["Latin in Cyrillic", "Ан\u0061"],
  ["Greek omicron in Latin", "b\u03bfb"],
  ["Cyrillic with an accent of its own", "jos\u0451"],
  ["Armenian in Latin", "\u0585lga"],
  ["Cherokee in Latin", "\u13a0nn"],
  ["Latin and Han", "ann陳"],
  ["Hangul and kana", "김たろう"],
  ["Bopomofo and Hangul", "ㄅ김"],
  ["Arabic and Hebrew", "محדוד"],
  ["a script that is not in use", "\u{10330}\u{10331}"],
])("%s is mixed", (_, name) => {
  expect(isSingleScript(name)).toBe(false);
});
