import { expect, test } from "vitest";
import { ChangeAnswers } from "#lib/change/change-answers.ts";
import type { ChangeAnswer, ChangeSet } from "#lib/change/shapes.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";

const applied: ChangeAnswer = {
  outcome: "applied",
  stored: [],
  foundOut: false,
  undo: "",
  notices: [],
  ms: 1,
};
const set: ChangeSet = {
  schema: "public",
  table: "t",
  rev: 0,
  id: "AAAAAAAAAAAAAAAAAAAAAA",
  key: null,
  changes: [{ kind: "insert", cells: [] }],
};

/** Answers in their order, and how often it was asked for one. */
function applier(...answers: readonly Result<ChangeAnswer>[]) {
  const state = { times: 0 };
  const apply = async () => {
    const answer = answers[state.times];
    state.times += 1;
    if (answer === undefined) throw new Error("applied once too often");
    return answer;
  };
  return { state, apply };
}

test.each<[string, ChangeAnswer]>([
  ["applied", applied],
  ["of which nobody knows", { outcome: "unknown", why: "unreachable" }],
])("a set that was %s is answered that, and done once", async (_, answer) => {
  const answers = new ChangeAnswers();
  const { apply, state } = applier(ok(answer));
  const both = [answers.once("alice", set, apply), answers.once("alice", set, apply)];
  expect(await Promise.all(both)).toEqual([ok(answer), ok(answer)]);
  expect(await answers.once("alice", set, apply)).toEqual(ok(answer));
  expect(state.times).toBe(1);
});

test.each<[string, Result<ChangeAnswer>]>([
  ["changed nothing", ok({ outcome: "conflict", conflicts: [] })],
  ["was rolled back", ok({ outcome: "lost", foundOut: true })],
  ["was cancelled, since its page went away", failed(problem("cancelled"))],
])("a set that %s is done when it is asked for again", async (_, first) => {
  const answers = new ChangeAnswers();
  const { apply, state } = applier(first, ok(applied));
  const both = [answers.once("alice", set, apply), answers.once("alice", set, apply)];
  expect(await Promise.all(both)).toEqual([first, ok(applied)]);
  expect(state.times).toBe(2);
});

test("another set of the same id is neither done nor answered; another person's is theirs", async () => {
  const answers = new ChangeAnswers();
  const { apply, state } = applier(ok(applied), ok(applied));
  await answers.once("alice", set, apply);
  const edited: ChangeSet = { ...set, changes: [...set.changes, ...set.changes] };
  expect(await answers.once("alice", edited, apply)).toMatchObject({ problem: { code: "setting-invalid" } });
  expect(await answers.once("bob", edited, apply)).toEqual(ok(applied));
  expect(state.times).toBe(2);
});

test("after ten minutes it is forgotten", async () => {
  let now = 0;
  const answers = new ChangeAnswers(() => now);
  const { apply, state } = applier(ok(applied), ok(applied));
  await answers.once("alice", set, apply);
  now = 10 * 60_000 + 1;
  await answers.once("alice", set, apply);
  expect(state.times).toBe(2);
});
