import { request as httpRequest } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Asked } from "#app/_server/front-door.ts";
import type { AttemptMessage } from "#app/(console)/connections/attempt/attempt-message.ts";
import { randomId } from "#lib/random-id.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { Actor } from "#lib/team/access.ts";
import { loadMessages } from "#messages/load-messages.ts";
import { behind, type InFront, inFront } from "#tests/support/in-front.ts";
import { here, sent, type TransferConsole, transferConsole } from "#tests/support/transfer-console.ts";

/*
 * What is answered in front of the framework: the same gate and guard as behind it, the same words, and a stream that goes
 * as it comes and ends with its reader.
 */

/** In front there is no request of the framework's to ask. */
let isBehind = true;
vi.mock("next/headers", () => ({
  headers: async () => {
    if (!isBehind) throw new Error("no request of the framework's");
    return sent.headers;
  },
  cookies: async () => new Map(),
}));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => (key: string) => key,
  getLocale: async () => "en",
}));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

let place: TransferConsole;
let front: InFront;
/** What the door of these tests does. */
let doing: (asked: Asked, groups: readonly string[], actor: Actor) => Promise<Response>;

beforeAll(async () => {
  place = await transferConsole("create table plum (a int); grant all on plum to app");
  const { openFrontDoor } = await import("#app/_server/front-door.ts");
  openFrontDoor("test", {
    method: "POST",
    target: /^\/api\/test\/([\w-]+)$/,
    guard: ["connections:use"],
    answer: (actor, asked, groups) => doing(asked, groups, actor),
  });
  openFrontDoor("owners", {
    method: "POST",
    target: /^\/api\/owners$/,
    guard: ["team:manage"],
    answer: async () => new Response("in"),
  });
  isBehind = false;
  front = await inFront();
});

afterAll(async () => {
  await front.stop();
  await place.stop();
});

const runOf = (sql: string) => ({
  sql,
  readOnly: false,
  runId: randomId(),
  tab: { id: randomId(), lease: randomId(), name: "SQL 1" },
  rev: 1,
});
const post = (path: string, body: string, changed: Record<string, string> = {}) =>
  fetch(front.url + path, {
    method: "POST",
    headers: {
      cookie: place.cookie,
      origin: `http://${here}`,
      "content-type": "application/json",
      ...changed,
    },
    body,
  });
const runPath = () => `/api/connections/${place.id}/run`;

describe("the same gate and guard", () => {
  const doors = { "a run": runPath, "a test": () => "/api/test/x" };
  test.each([
    [421, { "x-host": "evil.example" }],
    [403, { origin: "https://evil.example" }],
    [403, { origin: "null" }],
    [401, { cookie: "" }],
    [401, { cookie: "cloak_sid_3000=made.up" }],
    [415, { "content-type": "text/plain" }],
  ])("%i for %j", async (status, changed) => {
    const { gate } = await import("#app/_server/gate.ts");
    const counted = vi.fn();
    const before = gate().noteRefusal;
    gate().noteRefusal = counted;
    doing = async () => new Response("in");
    for (const path of Object.values(doors)) {
      counted.mockClear();
      const answer = await post(path(), JSON.stringify(runOf("select 1")), changed);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ problem: { code: expect.any(String) } });
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(answer.headers.get("x-frame-options")).toBe("DENY");
      // The last is the handler's own to refuse. A browser asks again after 421 (Fetch, HTTP-network-or-cache fetch).
      const times = status === 415 ? 0 : status === 421 ? 2 : 1;
      expect(counted).toHaveBeenCalledTimes(times);
    }
    gate().noteRefusal = before;
  });

  test("what a member may not do is refused, and noted with where it came from", async () => {
    const { workspace } = await import("#app/_server/workspace.ts");
    const opened = await workspace();
    if (!opened.ok) throw new Error(opened.problem.code);
    const { Secret } = await import("#lib/secret.ts");
    const { users, sessions } = opened.value;
    const password = new Secret("plum-tractor-oboe-9");
    const mo = await users.create({ name: "mo", password, role: "member" });
    if (!mo.ok) throw new Error(mo.problem.code);
    const begun = await sessions.start(mo.value.id, "test", mo.value.sessionsFrom);
    if (!begun.ok) throw new Error(begun.problem.code);
    const cookie = `cloak_sid_3000=${begun.value.cookie.reveal()}`;
    expect((await post("/api/owners", "{}", { cookie })).status).toBe(403);
    await vi.waitFor(async () => {
      await opened.value.audit.flush();
      expect(place.audit()).toMatch(/"action":"denied".*team:manage|team:manage.*"action":"denied"/);
    });
    // A refusal from deep within: Production is not unlocked.
    const path = `/api/connections/${await place.production()}/run`;
    expect((await post(path, JSON.stringify(runOf("select 1")), { cookie })).status).toBe(403);
  });

  test.each([
    ["GET", "/api/test/x"],
    ["POST", "/api/test/x?y"],
    ["POST", "/api/test/%78"],
    ["POST", "/api/test/x/"],
    ["POST", "//api/test/x"],
  ])("%s %s is the framework's", async (method, path) => {
    const status = await new Promise((resolve) =>
      httpRequest(front.url, { method, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end(),
    );
    expect(status).toBe(behind);
  });
});

describe("the same answers", () => {
  test("a run", async () => {
    const answer = await post(runPath(), JSON.stringify(runOf("select 42 as plum")));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "text/x-ndjson; charset=utf-8",
    ]);
    const events = (await answer.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.map(({ type }) => type)).toEqual(["started", "columns", "rows", "session", "done"]);
  });

  describe("a form's test", () => {
    const path = () => `/api/attempts/${randomId()}/test`;
    const form = (change: object) => JSON.stringify({ values: { ...newFormValues, ...change } });

    test("its steps, and its end in the reader's language", async () => {
      const values = { host: "127.0.0.1", port: "1", user: "app" };
      const answer = await post(path(), form(values), { "accept-language": "fr" });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([
        200,
        "text/x-ndjson; charset=utf-8",
      ]);
      const told = (await answer.text())
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as AttemptMessage);
      const done = told.at(-1);
      if (done?.type !== "done") throw new Error("no end");
      expect(told.map(({ type }) => type)).toContain("step");
      expect(done.report.problem?.code).toBe("net-refused");
      const { problems } = await loadMessages("fr");
      expect(done.explained?.title).toBe(problems["net-refused"].title);
    });

    test("a field that is wrong, and a connection that is not there", async () => {
      const wrong = await post(path(), form({ host: "" }));
      expect(wrong.status).toBe(422);
      expect(await wrong.json()).toMatchObject({
        type: "fields",
        problems: { fields: { host: expect.anything() } },
      });
      const body = JSON.stringify({ values: newFormValues, connectionId: "nowhere" });
      const missing = await post(path(), body);
      expect(missing.status).toBe(404);
      expect(await missing.json()).toMatchObject({
        type: "problem",
        explained: { problem: { code: "not-found" }, title: expect.stringMatching(/./) },
      });
    });

    test("ends when its reader goes", async () => {
      const silent = createServer();
      const knocked = new Promise<Socket>((resolve) => silent.once("connection", resolve));
      await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
      const { port } = silent.address() as AddressInfo;
      const leaving = new AbortController();
      const asked = fetch(front.url + path(), {
        method: "POST",
        signal: leaving.signal,
        headers: { cookie: place.cookie, origin: `http://${here}`, "content-type": "application/json" },
        body: form({ host: "127.0.0.1", port: String(port), user: "app" }),
      });
      const socket = await knocked;
      const ended = new Promise((resolve) => socket.resume().once("close", resolve));
      leaving.abort();
      await expect(asked.then((answer) => answer.text())).rejects.toThrow();
      await ended;
      silent.close();
    });
  });

  test("an error of the server, in words", async () => {
    const text = await (await post(runPath(), JSON.stringify(runOf("select 1/0")))).text();
    expect(text).toContain("division by zero");
  });

  test("a body that is too long is refused, and the connection goes on", async () => {
    const long = await post(runPath(), JSON.stringify(runOf(`select '${"x".repeat(5_000_000)}'`)));
    expect(await long.json()).toMatchObject({ problem: { facts: { field: "body", reason: "too-large" } } });
    expect((await post(runPath(), "{")).status).toBe(400);
    // Nothing of the first is left in the way of a third.
    expect((await post(runPath(), JSON.stringify(runOf("select 1")))).status).toBe(200);
  });

  test("what nobody foresaw is told by a reference that the log has, too", async () => {
    const { log } = await import("#app/_server/log.ts");
    const noted = vi.spyOn(log(), "error");
    doing = async () => {
      throw new RangeError("plum");
    };
    const answer = await post("/api/test/x", "{}");
    const { problem } = (await answer.json()) as {
      problem: { code: string; facts: { reference: string } };
    };
    expect([answer.status, problem.code]).toEqual([500, "unexpected"]);
    expect(noted).toHaveBeenCalledWith(
      expect.objectContaining({ err: expect.any(RangeError), reference: problem.facts.reference }),
      expect.any(String),
    );
    noted.mockRestore();
  });
});

describe("a stream", () => {
  const encode = (text: string) => new TextEncoder().encode(text);

  test("comes piece by piece, and is cancelled when its reader goes", async () => {
    let next: ReadableStreamDefaultController<Uint8Array> | undefined;
    let gone: AbortSignal | undefined;
    const cancelled = vi.fn();
    doing = async ({ signal }) => {
      gone = signal;
      return new Response(
        new ReadableStream({
          start: (controller) => {
            next = controller;
          },
          cancel: cancelled,
        }),
      );
    };
    const reading = new AbortController();
    const answer = await new Promise<Response>((resolve, reject) => {
      fetch(`${front.url}/api/test/x`, {
        method: "POST",
        headers: { cookie: place.cookie, origin: `http://${here}`, "content-type": "application/json" },
        body: "{}",
        signal: reading.signal,
      }).then(resolve, reject);
      // Its head goes with the first piece.
      void vi.waitFor(() => expect(next).toBeDefined()).then(() => next?.enqueue(encode("one")));
    });
    const reader = answer.body?.getReader();
    const read = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await read()).toBe("one");
    next?.enqueue(encode("two"));
    expect(await read()).toBe("two");
    expect(gone?.aborted).toBe(false);
    reading.abort();
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
    expect(gone?.aborted).toBe(true);
  });

  test("comes whole where its end comes with a later piece", async () => {
    doing = async () =>
      new Response(
        new ReadableStream({
          start: async (controller) => {
            controller.enqueue(encode("one "));
            await new Promise((resolve) => setTimeout(resolve, 30));
            for (const word of ["two ", "three ", "four"]) controller.enqueue(encode(word));
            controller.close();
          },
        }),
      );
    expect(await (await post("/api/test/x", "{}")).text()).toBe("one two three four");
  });

  test("is not asked for more than its reader takes", async () => {
    let made = 0;
    doing = async () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            made += 1;
            if (made > 4_000) controller.close();
            else controller.enqueue(new Uint8Array(64 * 1024));
          },
        }),
      );
    const answer = await post("/api/test/x", "{}");
    const reader = answer.body?.getReader();
    let bytes = (await reader?.read())?.value?.length ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 300));
    // 250 MB in all; the rest is what sockets hold.
    expect(made).toBeLessThan(1_000);
    for (;;) {
      const found = await reader?.read();
      if (found?.done !== false) break;
      bytes += found.value.length;
    }
    expect(bytes).toBe(4_000 * 64 * 1024);
  });

  test.each([
    ["text/x-ndjson", "no-store", "gzip, br", true],
    ["text/x-ndjson", "no-store", "br, gzip;q=0.5", true],
    ["text/x-ndjson", "no-store", "gzip;q=0", false],
    ["text/x-ndjson", "no-store", "gzip;q=0.000, br", false],
    ["text/x-ndjson", "no-store", "identity", false],
    ["text/x-ndjson", "no-store, no-transform", "gzip", false],
    ["application/json", "no-store", "gzip", false],
  ])("%s, %s, for %s: compressed is %s", async (type, cache, accepted, isZipped) => {
    doing = async () =>
      new Response("plum\n".repeat(1_000), {
        headers: { "Content-Type": type, "Cache-Control": cache },
      });
    const { headers, body } = await new Promise<{
      headers: Record<string, unknown>;
      body: Buffer;
    }>((resolve) =>
      httpRequest(
        `${front.url}/api/test/x`,
        {
          method: "POST",
          headers: {
            cookie: place.cookie,
            origin: `http://${here}`,
            "content-type": "application/json",
            "accept-encoding": accepted,
          },
        },
        async (answer) => resolve({ headers: answer.headers, body: Buffer.concat(await answer.toArray()) }),
      ).end("{}"),
    );
    expect(headers["content-encoding"]).toBe(isZipped ? "gzip" : undefined);
    expect((isZipped ? gunzipSync(body) : body).toString()).toBe("plum\n".repeat(1_000));
  });
});
