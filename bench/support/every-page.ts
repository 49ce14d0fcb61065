import { newDraft, type ProfileDraft } from "#lib/profiles/profile.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { consolePages } from "#tests/support/console-pages.ts";
import { seededConsole } from "./seeded-console.ts";

export interface MeasuredPage {
  /** Its path, with `[id]` for that of a connection. */
  readonly name: string;
  readonly path: string;
  /** Whoever is signed in does not see the login. */
  readonly cookie: string;
}

/** Gives every page of a console that holds one connection, to a server that runs. */
export async function withEveryPage(
  work: (given: { readonly origin: string; readonly pages: readonly MeasuredPage[] }) => Promise<void>,
): Promise<void> {
  const server = await startPostgres({ users: [{ name: "app", password: "secret" }] });
  try {
    await server.writeHba(["host all all all scram-sha-256"]);
    const console_ = await seededConsole({ connections: [draft(server.port)] });
    try {
      const [cookie = ""] = console_.cookies;
      const pages = names.map((name) => ({
        name,
        path: name.replace("[id]", console_.ids[0] ?? ""),
        cookie: name === "/login" ? "" : cookie,
      }));
      await work({ origin: console_.url, pages });
    } finally {
      await console_.stop();
    }
  } finally {
    await server.stop();
  }
}

const names: readonly string[] = [
  "/login",
  // A page that is not there is told as a failure of the measure.
  ...consolePages.filter((path) => path !== "/nowhere"),
  "/settings/connections/[id]",
  "/connections/[id]",
];

function draft(port: number): ProfileDraft {
  const fresh = newDraft();
  return {
    ...fresh,
    name: "Bench",
    host: "127.0.0.1",
    port,
    database: "postgres",
    user: "app",
    tls: { ...fresh.tls, mode: "disable" },
    allowWeakPassword: true,
    secrets: { password: new Secret("secret") },
  };
}
