import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UnsavedConnections } from "#lib/session/unsaved-connections.ts";
import { sessionIdleLimit } from "#lib/team/sessions.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

const mo = { userId: "mo", sessionId: "s1" };
const draft = sampleProfile({ port: 1 });
const ended = vi.fn<(id: string) => void>();
let unsaved: UnsavedConnections;

beforeEach(() => {
  vi.useFakeTimers();
  ended.mockReset();
  unsaved = new UnsavedConnections(ended);
});
afterEach(() => vi.useRealTimers());

test("what nobody asks for ends when a console session left alone would; asking puts that off", () => {
  const { id } = unsaved.keep(mo, draft, []).profile;
  vi.advanceTimersByTime(sessionIdleLimit - 1);
  expect(unsaved.find(mo, id)?.profile.secrets.password).toBe(draft.secrets.password);
  vi.advanceTimersByTime(sessionIdleLimit - 1);
  expect(ended).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(ended.mock.calls).toEqual([[id]]);
  expect(unsaved.find(mo, id)).toBeUndefined();
});

test("asking in vain puts nothing off", () => {
  const { id } = unsaved.keep(mo, draft, []).profile;
  vi.advanceTimersByTime(sessionIdleLimit - 1);
  expect(unsaved.find({ ...mo, userId: "olive" }, id)).toBeUndefined();
  expect(unsaved.find({ ...mo, sessionId: "s2" }, id)).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(ended.mock.calls).toEqual([[id]]);
});

test("what is saved is told to nobody as ended, then or later", () => {
  const { id } = unsaved.keep(mo, draft, []).profile;
  unsaved.settle(id);
  vi.advanceTimersByTime(sessionIdleLimit);
  unsaved.end(id);
  expect(ended).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test("a person's other sessions end without the one that goes on; nobody else's end", () => {
  const here = unsaved.keep(mo, draft, []).profile.id;
  const there = unsaved.keep({ ...mo, sessionId: "s2" }, draft, []).profile.id;
  unsaved.keep({ userId: "olive", sessionId: "s3" }, draft, []);
  unsaved.endOfUser("mo", "s1");
  expect(ended.mock.calls).toEqual([[there]]);
  unsaved.endOfUser("mo");
  expect(ended.mock.calls).toEqual([[there], [here]]);
});

test("through one that is unsaved, what a save does with each secret stays what it was", () => {
  const saved = { ...draft, rev: 4, givenBy: { password: "olive" } };
  const renamed = unsaved.keep(mo, { ...saved, name: "Renamed" }, ["password"], { profile: saved });
  expect(renamed).toMatchObject({
    of: { id: saved.id, rev: 4 },
    acts: { password: "keep" },
    profile: { rev: 1, givenBy: { password: "olive" } },
  });
  const from = { profile: renamed.profile, unsaved: renamed };
  const again = unsaved.keep(mo, renamed.profile, [], from);
  expect(again).toMatchObject({ of: renamed.of, acts: renamed.acts, led: ["password"] });
  expect(again.profile.givenBy).toEqual({ password: "olive" });

  const other = sampleProfile({ port: 1, password: "another" });
  const replaced = unsaved.keep(mo, other, [], from);
  expect(replaced).toMatchObject({ acts: { password: "replace" }, profile: { givenBy: { password: "mo" } } });
  const kept = unsaved.keep(mo, replaced.profile, [], { profile: replaced.profile, unsaved: replaced });
  expect(kept).toMatchObject({ acts: { password: "replace" }, profile: { givenBy: { password: "mo" } } });
  const removed = unsaved.keep(mo, { ...other, secrets: {} }, [], from);
  expect(removed).toMatchObject({ acts: { password: "remove" }, profile: { givenBy: {} } });
});
