import { describe, expect, test } from "vitest";
import { loadMessages, locales } from "#messages/load-messages.ts";

// WCAG 2.5.3: whoever says what stands on a button must reach it. A longer accessible name holds the visible words.
describe.each(locales)("in %s, a name holds what is read", async (locale) => {
  const { list, session, settings, roots } = await loadMessages(locale);
  const { trust, team, security } = settings;
  test.each([
    [list.connect, list.connectNamed],
    [session.edit, session.editNamed],
    [trust.show, trust.showNamed],
    [trust.hide, trust.hideNamed],
    [team.enable, team.enableNamed],
    [team.disable, team.disableNamed],
    [security.end, security.endNamed],
    [roots.add, roots.addNamed],
    [roots.drop, roots.dropNamed],
  ])("%s: %s", (read, name) => {
    expect(plain(name)).toContain(plain(read));
  });
});

/** Punctuation is not spoken. */
function plain(text: string): string {
  return text
    .replace(/[…:：()（）.]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}
