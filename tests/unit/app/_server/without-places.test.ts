import { describe, expect, test, vi } from "vitest";
import { explain, explainer, refuse } from "#app/_server/answer.ts";
import { explainedResponse } from "#app/_server/explained-response.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { refusal } from "#app/_server/read-connection.ts";
import { runMessages } from "#app/_server/run-messages.ts";
import { attemptStream } from "#app/(console)/connections/attempt/attempt-stream.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import type { RunEvent } from "#lib/session/run-events.ts";

vi.mock("next/headers", () => ({ headers: async () => new Headers() }));
vi.mock("next-intl/server", () => ({ getTranslations: async () => (key: string) => key }));

const somebody = { id: "u1", name: "olive", role: "owner", sessionId: "s1" } as const;

/** Of the machine, not of whoever is signed in to the console. */
const place = "canary-of-the-host";
const ofTheStore = [
  problem("store-away", { place, address: place, why: "net-refused" }),
  problem("store-not-ready", { place, table: place }),
  problem("vault-write-failed", { path: place, step: "write", error: "ENOSPC", saved: false }),
  problem("vault-rolled-back", { rev: 1, highestRev: 2, command: place }),
  problem("vault-moved", { path: place, to: place }),
];

const ways: Readonly<Record<string, (found: Problem) => Promise<unknown>>> = {
  "a handler's answer": async (found) => problemResponse(found).json(),
  "a handler's answer with its words": async (found) => (await explainedResponse(found)).json(),
  "the answer of a part of a connection": async (found) => (await refusal(found)).json(),
  "an action's refusal": refuse,
  "a page's words": explain,
  "what is told later": async (found) => (await explainer())(found),
  "a test's stream": async (found) => {
    const parts = { run: async () => ({ problem: found }), stop: () => undefined, ended: () => undefined };
    const told: unknown[] = [];
    for await (const message of await attemptStream(somebody, parts)) told.push(message);
    return told;
  },
  "a run's stream": async (found) => {
    async function* events(): AsyncGenerator<RunEvent, void, void> {
      const end = { error: null, stopped: null, rows: 0, ms: 0, transaction: "none" } as const;
      yield { type: "error", problem: found, ...end };
    }
    const running = { signal: new AbortController().signal, stop: () => undefined, done: () => undefined };
    return new Response(runMessages(events(), running, explain)).text();
  },
};

describe.each(Object.entries(ways))("%s", (_, way) => {
  test.each(ofTheStore.map((found) => [found.code, found] as const))(
    "says of %s what it is, and nothing of the host",
    async (code, found) => {
      const told = JSON.stringify(await way(found));
      expect(told).toContain(code);
      expect(told).not.toContain(place);
    },
  );
});

test("what is the asker's own stays", async () => {
  const own = problem("vault-changed-meanwhile", { currentRev: 7 });
  expect((await explain(own)).problem).toEqual(own);
});
