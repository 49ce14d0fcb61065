import { describe, expect, test } from "vitest";
import {
  isPowershellArgument,
  powershellString,
  quotePowershell,
} from "#lib/strings/write/quote-powershell.ts";

describe("D8: words for PowerShell", () => {
  test.each([
    ["plain", "'plain'"],
    ["$env:PATH `n $(x) %PATH% !", "'$env:PATH `n $(x) %PATH% !'"],
    ["it's", "'it''s'"],
    ["typographic ‘ ’ ‚ ‛", "'typographic ‘‘ ’’ ‚‚ ‛‛'"],
    ["two\nlines", "'two\nlines'"],
    ["“double”", "'“double”'"],
  ])("%j", (text, string) => {
    expect(powershellString(text)).toBe(string);
  });

  test("a bare word is plain, or a string", () => {
    expect(quotePowershell("--region")).toBe("--region");
    expect(quotePowershell("a,b")).toBe("'a,b'");
    expect(quotePowershell("my profile")).toBe("'my profile'");
  });

  test("what does not arrive whole in every version is known", () => {
    expect(isPowershellArgument("host=db dbname='my shop'")).toBe(true);
    expect(isPowershellArgument('a "b"')).toBe(false);
    expect(isPowershellArgument("a b\\")).toBe(false);
    expect(isPowershellArgument("")).toBe(false);
  });
});
