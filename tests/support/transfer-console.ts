import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { ExportAsk } from "#lib/transfer/ask.ts";
import type { ExportTicket, TransferView } from "#lib/transfer/shapes.ts";

export const here = "127.0.0.1:3000";
const common = { host: here, origin: `http://${here}`, "content-type": "application/json" };
const folder = mkdtempSync(join(tmpdir(), "cloak-transfer-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";

/** What Next would hand to the handlers: the test file mocks `next/headers` with it. */
export const sent = { headers: new Headers() };

/** The routes of exports and imports, called as Next would call them, on a server of their own. */
export interface TransferConsole {
  readonly server: SampleServer;
  /** Of the connection. */
  readonly id: string;
  readonly cookie: string;
  /** The same server, marked Production. @returns its id */
  production(): Promise<string>;
  /** The same server by another port. @returns its id */
  behind(port: number): Promise<string>;
  call(route: Route, body?: object | Uint8Array, more?: CallMore): Promise<Response>;
  /** Asks for a file and fetches it. */
  exported(ask: Omit<ExportAsk, "rev">, more?: Pick<CallMore, "connection">): Promise<Response>;
  transfers(): Promise<readonly TransferView[]>;
  audit(): string;
  stop(): Promise<void>;
}

type Route = "exports" | "ticket" | "transfers" | "imports" | "piece" | "run";
interface CallMore {
  readonly method?: string;
  /** A ticket, or an import. */
  readonly of?: string;
  readonly piece?: number;
  /** Another connection than the first. */
  readonly connection?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborts when the browser goes away. */
  readonly signal?: AbortSignal;
}

const files: Readonly<Record<Route, () => Promise<unknown>>> = {
  exports: () => import("../../app/api/connections/[id]/exports/route.ts"),
  ticket: () => import("../../app/api/connections/[id]/exports/[ticket]/route.ts"),
  transfers: () => import("../../app/api/connections/[id]/transfers/route.ts"),
  imports: () => import("../../app/api/connections/[id]/imports/route.ts"),
  piece: () => import("../../app/api/connections/[id]/imports/[transfer]/route.ts"),
  run: () => import("../../app/api/connections/[id]/run/route.ts"),
};

/** @param fill SQL that is run first, as superuser, in the database `postgres` */
export async function transferConsole(fill: string): Promise<TransferConsole> {
  const server = await startPostgres({
    users: [{ name: "app", password: "s3cret-7Q2x9" }],
    fill: { postgres: fill },
  });
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  const password = new Secret("plum-tractor-oboe-9");
  const olive = await opened.value.users.create({ name: "olive", password, role: "owner" });
  if (!olive.ok) throw new Error(olive.problem.code);
  const form = {
    ...newFormValues,
    name: "Shop",
    host: "127.0.0.1",
    port: String(server.port),
    user: "app",
    database: "postgres",
    password: "s3cret-7Q2x9",
    ssl: false,
  };
  const draft = await parseProfileForm(form);
  if (!draft.ok) throw new Error("the form");
  const saved = await opened.value.profiles.create(draft.value, olive.value.id);
  if (!saved.ok) throw new Error(saved.problem.code);
  const id = saved.value.id;
  const [made, owner] = [opened.value, olive.value];
  const begun = await opened.value.sessions.start(olive.value.id, "test", olive.value.sessionsFrom);
  if (!begun.ok) throw new Error(begun.problem.code);
  const cookie = `cloak_sid_3000=${begun.value.cookie.reveal()}`;

  async function call(route: Route, body?: object | Uint8Array, more: CallMore = {}): Promise<Response> {
    const isBytes = body instanceof Uint8Array;
    const method = more.method ?? (body === undefined ? "GET" : isBytes ? "PUT" : "POST");
    sent.headers = new Headers({
      ...common,
      cookie,
      ...(isBytes ? { "content-type": "application/octet-stream" } : {}),
      ...more.headers,
    });
    const handlers = (await files[route]()) as Record<
      string,
      (request: Request, context: object) => Promise<Response>
    >;
    const query = more.piece === undefined ? "" : `?piece=${more.piece}`;
    const about = more.connection ?? id;
    const request = new Request(`http://${here}/api/connections/${about}/${route}${query}`, {
      method,
      headers: sent.headers,
      ...(more.signal === undefined ? {} : { signal: more.signal }),
      ...(body === undefined ? {} : { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
    });
    // The framework answers HEAD by what it has for GET.
    const handler = handlers[method === "HEAD" ? "GET" : method];
    if (handler === undefined) throw new Error(`no ${method} of ${route}`);
    const params = Promise.resolve({ id: about, ticket: more.of, transfer: more.of });
    return handler(request, { params });
  }

  async function another(
    values: Partial<typeof form> | { readonly environment: "production" },
  ): Promise<string> {
    const second = await parseProfileForm({ ...form, ...values });
    if (!second.ok) throw new Error("the form");
    const kept = await made.profiles.create(second.value, owner.id);
    if (!kept.ok) throw new Error(kept.problem.code);
    return kept.value.id;
  }

  return {
    server,
    id,
    cookie,
    call,
    async exported(ask, more = {}) {
      const answer = await call("exports", { ...ask, rev: saved.value.rev }, more);
      if (!answer.ok) return answer;
      const { ticket } = (await answer.json()) as ExportTicket;
      return call("ticket", undefined, { ...more, of: ticket });
    },
    production: () => another({ name: "Live", environment: "production" }),
    behind: (port) => another({ name: "Behind", port: String(port) }),
    transfers: async () => (await call("transfers")).json() as Promise<readonly TransferView[]>,
    audit: () => readFileSync(join(folder, "config", "audit.jsonl"), "utf8"),
    async stop() {
      const { liveClients } = await import("#lib/session/live-clients.ts");
      const { problem } = await import("#lib/problems/problem.ts");
      liveClients().close({}, problem("cancelled"));
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
