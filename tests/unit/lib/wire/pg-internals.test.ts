import { once } from "node:events";
import { createRequire } from "node:module";
import net from "node:net";
import { inspect } from "node:util";
import pg, { type Submittable } from "pg";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  alreadyConnected,
  backendOf,
  beforeTheDriver,
  extendedProtocol,
  forgetPassword,
  setStartup,
} from "#lib/wire/pg-internals.ts";
import { settledStatus } from "#lib/wire/settled-status.ts";
import {
  authentication,
  type Line,
  type RogueServer,
  readyForQuery,
  serverMessage,
  startRogue,
} from "#tests/support/rogue-server.ts";

/** What this console uses of pg beyond its manual: see `lib/wire/pg-internals.ts`. */
const changed = `pg ${createRequire(import.meta.url)("pg/package.json").version} has changed: see pg-internals.ts`;
const keyData = serverMessage("K", [0, 0, 0, 7, 0, 0, 0, 9]);
let server: RogueServer | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
});

describe("the start of a session", () => {
  test("goes over the socket that is given, and says nothing that the environment says", async () => {
    vi.stubEnv("PGOPTIONS", "-c canary=options");
    vi.stubEnv("PGAPPNAME", "canary-name");
    vi.stubEnv("PGREPLICATION", "database");
    let startup = "";
    const client = await signedIn(async (line) => {
      startup = (await line.message(false)).toString();
      line.send(authentication(0), keyData, readyForQuery);
    });
    expect(startup).toContain("application_name\0cloak");
    for (const word of ["canary", "replication", "options"])
      expect(startup, `${changed}: the driver sends what the environment says`).not.toContain(word);
    expect(backendOf(client), `${changed}: the key of a CancelRequest lies elsewhere`).toEqual({
      pid: 7,
      secretKey: 9,
    });
    await client.end();
  });

  test("sends the options that were asked for", async () => {
    let startup = "";
    const client = await signedIn(
      async (line) => {
        startup = (await line.message(false)).toString();
        line.send(authentication(0), keyData, readyForQuery);
      },
      { options: "-c geqo=off" },
    );
    expect(startup, `${changed}: setStartup does not reach it`).toContain("options\0-c geqo=off\0");
    await client.end();
  });

  test("the password is not kept", async () => {
    const client = await signedIn(async (line) => {
      await line.message(false);
      line.send(authentication(3));
      await line.message(true);
      line.send(authentication(0), keyData, readyForQuery);
    });
    expect(server?.received().toString()).toContain("canary-password");
    forgetPassword(client);
    const found = inspect(client, { depth: 8, showHidden: true, maxStringLength: null });
    expect(found, `${changed}: the password stays with the client`).not.toContain("canary-password");
    await client.end();
  });

  test.each([
    ["authenticationCleartextPassword", authentication(3)],
    ["authenticationMD5Password", authentication(5, "salt")],
    ["authenticationSASL", authentication(10, "SCRAM-SHA-256\0\0")],
  ])("the driver answers %s only when it may", async (event, message) => {
    let asked = 0;
    const connecting = signedIn(
      async (line) => {
        await line.message(false);
        line.send(message);
        await once(line.socket, "end");
      },
      {},
      (client, socket) =>
        beforeTheDriver(client.connection, event, () => {
          asked += 1;
          socket.destroy(new Error("refused here"));
          return false;
        }),
    );
    await expect(connecting).rejects.toThrow();
    expect(asked, `${changed}: it does not emit ${event} any more`).toBe(1);
    // The startup message and no other.
    const heard = server?.received() ?? Buffer.alloc(0);
    expect(heard.length, `${changed}: the driver answered`).toBe(heard.readInt32BE(0));
  });
});

describe("the state of a transaction", () => {
  const failed = serverMessage("E", "SERROR\0VERROR\0C42601\0Mno\0\0");

  test("is what comes behind a refusal, and asking for it sends nothing", async () => {
    let sendState: () => void = () => undefined;
    const client = await signedIn(async (line) => {
      await line.message(false);
      line.send(authentication(0), keyData, readyForQuery);
      await line.message(true);
      line.send(failed);
      sendState = () => line.send(serverMessage("Z", "E"));
    });
    await expect(client.query("begin; no")).rejects.toThrow("no");
    expect(client.getTransactionStatus(), "told already: settled-status.ts is not needed any more").toBe("I");
    const heard = server?.received().length;
    const asked = settledStatus(client);
    sendState();
    expect(await asked, `${changed}: what cannot be sent has its turn before the answer's end`).toBe("E");
    expect(server?.received().length).toBe(heard);
    await client.end();
  });

  test("is what was last known where the connection goes, or is gone", async () => {
    let hangUp: () => void = () => undefined;
    const client = await signedIn(async (line) => {
      await line.message(false);
      line.send(authentication(0), keyData, readyForQuery);
      await line.message(true);
      line.send(failed);
      hangUp = () => line.socket.destroy();
    });
    await expect(client.query("begin; no")).rejects.toThrow("no");
    const asked = settledStatus(client);
    hangUp();
    expect(await asked).toBe("I");
    expect(await settledStatus(client)).toBe("I");
  });
});

test("the extended protocol is written as the portal needs it, and answers reach a Submittable", async () => {
  const client = await signedIn(async (line) => {
    await line.message(false);
    line.send(authentication(0), keyData, readyForQuery);
    for (let count = 1; count <= 6; count += 1) await line.message(true);
    const row = [0, 2, 0, 0, 0, 1, 0x78, 0xff, 0xff, 0xff, 0xff];
    line.send(
      serverMessage("1", ""),
      serverMessage("2", ""),
      serverMessage("T", [0, 0]),
      serverMessage("D", row),
    );
    line.send(serverMessage("s", ""), serverMessage("C", "SELECT 1\0"), serverMessage("I", ""));
    line.send(serverMessage("G", [0, 0, 0]), serverMessage("d", "x"));
    line.send(serverMessage("E", "SERROR\0VERROR\0C42601\0Mno\0\0"), readyForQuery);
  });
  const called: string[] = [];
  const note = (name: string) => (message: unknown) => {
    const fields = (message as { fields?: unknown[] } | undefined)?.fields;
    called.push(name === "dataRow" ? `dataRow ${JSON.stringify(fields)}` : name);
  };
  const submittable = {
    submit(connection: pg.Connection) {
      const wire = extendedProtocol(connection);
      wire.stream.cork();
      wire.parse({ text: "select $1, $2" });
      wire.bind({ portal: "p", values: ["é", null] });
      wire.describe({ type: "P", name: "p" });
      wire.execute({ portal: "p", rows: 5 });
      wire.close({ type: "P", name: "p" });
      wire.sync();
      wire.stream.uncork();
    },
    handleRowDescription: note("rowDescription"),
    handleDataRow: note("dataRow"),
    handlePortalSuspended: note("portalSuspended"),
    handleCommandComplete: note("commandComplete"),
    handleEmptyQuery: note("emptyQuery"),
    handleCopyInResponse: note("copyInResponse"),
    handleCopyData: note("copyData"),
    handleError: note("error"),
    handleReadyForQuery: note("readyForQuery"),
  };
  const ready = once(client.connection, "readyForQuery");
  client.query(submittable as unknown as Submittable);
  await ready;
  expect(messages(server?.received()), `${changed}: it writes other messages`).toEqual([
    "P \0select $1, $2\0\0\0",
    `B p\0\0\0\x02\0\0\0\0\0\x02\0\0\0\x02${Buffer.from("é").toString("latin1")}\xff\xff\xff\xff\0\x01\0\0`,
    "D Pp\0",
    "E p\0\0\0\0\x05",
    "C Pp\0",
    "S ",
  ]);
  const expected = [
    "rowDescription",
    'dataRow ["x",null]',
    "portalSuspended",
    "commandComplete",
    "emptyQuery",
  ];
  expect(called, `${changed}: a Submittable is told otherwise`).toEqual([
    ...expected,
    "copyInResponse",
    "copyData",
    "error",
  ]);
  await client.end();
});

/** What came after the startup message: the type of each, and its body. */
function messages(heard: Buffer = Buffer.alloc(4)): readonly string[] {
  const found: string[] = [];
  for (let at = heard.readInt32BE(0); at < heard.length; ) {
    const end = at + 1 + heard.readInt32BE(at + 1);
    found.push(`${heard.toString("latin1", at, at + 1)} ${heard.toString("latin1", at + 5, end)}`);
    at = end;
  }
  return found;
}

async function signedIn(
  script: (line: Line) => Promise<void>,
  startup: { readonly options?: string } = {},
  before: (client: pg.Client, socket: net.Socket) => void = () => undefined,
): Promise<pg.Client> {
  server = await startRogue(script);
  const socket = net.connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  const client = new pg.Client({
    host: "db.example.test",
    port: 1,
    user: "app",
    database: "shop",
    ssl: false,
    password: () => "canary-password",
    stream: () => alreadyConnected(socket),
  });
  client.on("error", () => undefined);
  setStartup(client, { options: startup.options, applicationName: "cloak" });
  const connecting = client.connect();
  before(client, socket);
  await connecting;
  return client;
}
