import { act, renderHook } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useDraft } from "#app/(console)/connections/[id]/sql/use-draft.ts";
import type { DraftBody } from "#app/api/connections/[id]/drafts/route.ts";

/** What the console keeps, and how it answers the next request; `undefined`: it does as it does. */
let kept: Map<string, { text: string; rev: number }>;
let puts: { readonly body: DraftBody; readonly keepalive: boolean }[];
let next: (() => Response | Promise<Response>) | undefined;
let connections = 0;

beforeEach(() => {
  vi.useFakeTimers();
  kept = new Map();
  puts = [];
  next = undefined;
  connections += 1;
  window.history.replaceState(null, "");
  vi.stubGlobal("fetch", async (address: string, init: RequestInit = {}) => {
    if (init.method !== "PUT") {
      const id = new URL(address, "http://console").searchParams.get("draft") ?? "";
      const found = kept.get(id);
      return Response.json({ draft: found === undefined ? null : { id, ...found } });
    }
    const body = JSON.parse(String(init.body)) as DraftBody;
    puts.push({ body, keepalive: init.keepalive === true });
    const answer = next;
    next = undefined;
    if (answer !== undefined) return answer();
    const before = kept.get(body.id) ?? { text: "", rev: 0 };
    const text = applied(before.text, body.change);
    // Another window was there meanwhile: this text is kept beside.
    const id = body.rev === before.rev ? body.id : `${body.id}-beside`;
    const rev = (kept.get(id)?.rev ?? 0) + 1;
    kept.set(id, { text, rev });
    return Response.json({ id, rev });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function applied(text: string, change: DraftBody["change"]): string {
  return "text" in change
    ? change.text
    : text.slice(0, change.at) + change.put + text.slice(change.at + change.cut);
}

const wait = (ms: number) => act(async () => vi.advanceTimersByTimeAsync(ms));

async function open(slot = "1") {
  const connection = `c${connections}`;
  const hook = renderHook(() => {
    const [text, setText] = useState("");
    return { text, setText, draft: useDraft(connection, slot, text, setText) };
  });
  await wait(0);
  return {
    id: `${connection}-${slot}`,
    text: () => hook.result.current.text,
    draft: () => hook.result.current.draft,
    type: (text: string) => act(async () => hook.result.current.setText(text)),
    close: () => hook.unmount(),
  };
}

test("what is typed is sent a second after the last key, once", async () => {
  const tab = await open();
  await tab.type("sel");
  expect(tab.draft().state).toBe("waiting");
  await wait(900);
  await tab.type("select 1");
  await wait(900);
  expect(puts).toHaveLength(0);
  await wait(200);
  expect(puts).toHaveLength(1);
  expect(kept.get(tab.id)?.text).toBe("select 1");
  expect(tab.draft()).toMatchObject({ state: "saved", beside: false });
  tab.close();
});

test("who types without a pause is saved after five seconds", async () => {
  const tab = await open();
  for (let second = 0; second < 12; second += 1) {
    await tab.type("x".repeat(second + 1));
    await wait(500);
  }
  expect(puts.length).toBeGreaterThan(0);
  expect(kept.get(tab.id)?.text.length).toBeGreaterThan(8);
  tab.close();
});

test("of a long text only what has changed is sent", async () => {
  const tab = await open();
  const long = "select ".repeat(3000);
  await tab.type(long);
  await wait(1100);
  await tab.type(`${long}1`);
  await wait(1100);
  expect(puts[1]?.body.change).toEqual({ at: long.length, cut: 0, put: "1" });
  expect(kept.get(tab.id)?.text).toBe(`${long}1`);
  tab.close();
});

test("it is found when the page is opened again", async () => {
  kept.set(`c${connections}-1`, { text: "select 'kept'", rev: 4 });
  const tab = await open();
  expect(tab.text()).toBe("select 'kept'");
  expect(tab.draft().state).toBe("saved");
  await wait(5_000);
  expect(puts).toHaveLength(0);
  tab.close();
});

test("each tab has a draft of its own", async () => {
  const one = await open("1");
  const two = await open("2");
  await one.type("one");
  await two.type("two");
  await wait(1100);
  expect([...kept].map(([, { text }]) => text).sort()).toEqual(["one", "two"]);
  one.close();
  two.close();
});

test("what another window has changed meanwhile is kept beside it, and this page goes on with its own", async () => {
  const tab = await open();
  await tab.type("mine");
  await wait(1100);
  kept.set(tab.id, { text: "theirs", rev: 7 });
  await tab.type("mine, later");
  await wait(1100);
  expect(tab.draft()).toMatchObject({ beside: true, id: `${tab.id}-beside` });
  expect(kept.get(tab.id)?.text).toBe("theirs");
  expect(window.history.state.cloakDrafts).toEqual({ "1": `${tab.id}-beside` });
  await tab.type("mine, at last");
  await wait(1100);
  expect(puts.at(-1)?.body.id).toBe(`${tab.id}-beside`);
  tab.close();
});

test("where the console has another text than a piece is of, the whole is sent at once", async () => {
  const tab = await open();
  await tab.type("select 1");
  await wait(1100);
  next = () => Response.json({ problem: {} }, { status: 409 });
  await tab.type("select 12");
  await wait(1200);
  expect(puts.at(-1)?.body.change).toEqual({ text: "select 12" });
  expect(tab.draft().state).toBe("saved");
  tab.close();
});

test.each([
  ["the network is gone", () => Promise.reject(new TypeError("failed")), "offline"],
  ["the console is in trouble", () => Response.json({}, { status: 503 }), "offline"],
  ["nobody is signed in", () => Response.json({}, { status: 401 }), "signed-out"],
  ["the text is too long", () => refusal("too-long"), "too-long"],
  ["there are too many", () => refusal("too-many"), "too-many"],
  ["it is refused", () => refusal("other"), "refused"],
] as const)("where %s it says so, keeps the text and sends it again", async (_, answer, state) => {
  const tab = await open();
  next = answer;
  await tab.type("select 1");
  await wait(1100);
  expect(tab.draft().state).toBe(state);
  expect(tab.text()).toBe("select 1");
  const leaving = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(leaving);
  expect(leaving.defaultPrevented).toBe(true);
  await wait(2_100);
  expect(tab.draft().state).toBe("saved");
  expect(kept.get(tab.id)?.text).toBe("select 1");
  tab.close();
});

function refusal(reason: string): Response {
  return Response.json({ problem: { facts: { reason } } }, { status: 400 });
}

test("back online, it is sent at once", async () => {
  const tab = await open();
  next = () => Promise.reject(new TypeError("failed"));
  await tab.type("select 1");
  await wait(1100);
  window.dispatchEvent(new Event("online"));
  await wait(0);
  expect(tab.draft().state).toBe("saved");
  tab.close();
});

test("a page that goes away sends what is typed so that it arrives", async () => {
  const tab = await open();
  await tab.type("select 'at the last moment'");
  tab.close();
  await wait(0);
  expect(puts).toMatchObject([
    { keepalive: true, body: { change: { text: "select 'at the last moment'" } } },
  ]);
  const again = await open();
  expect(again.text()).toBe("select 'at the last moment'");
  again.close();
});

test("nothing of it goes into the browser's storage", async () => {
  const tab = await open();
  await tab.type("select 'secret'");
  await wait(1100);
  const stored = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, window.history.state]);
  expect(stored).not.toContain("secret");
  tab.close();
});
