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

/** Sets of another person, as many as they like. */
async function flood(answers: ChangeAnswers, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1)
    await answers.once("mallory", { ...set, id: String(n).padStart(22, "0") }, async () => ok(applied));
}

test("whoever applies many loses their own answers, not another's", async () => {
  const answers = new ChangeAnswers();
  const { apply, state } = applier(ok(applied));
  await answers.once("alice", set, apply);
  await flood(answers, 200);
  expect(await answers.once("alice", set, apply)).toEqual(ok(applied));
  expect(state.times).toBe(1);
});

test("a set that is being applied is not applied again, however many others are, and however long it takes", async () => {
  let now = 0;
  const answers = new ChangeAnswers(() => now);
  let end: (answer: Result<ChangeAnswer>) => void = () => undefined;
  let times = 0;
  const apply = () => {
    times += 1;
    return new Promise<Result<ChangeAnswer>>((resolve) => {
      end = resolve;
    });
  };
  const first = answers.once("alice", set, apply);
  await flood(answers, 200);
  now = 11 * 60_000;
  const second = answers.once("alice", set, apply);
  end(ok(applied));
  expect(await Promise.all([first, second])).toEqual([ok(applied), ok(applied)]);
  expect(times).toBe(1);
});
