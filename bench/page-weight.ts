// JavaScript that each page sends before it is usable, as it comes over the wire from the server itself: its own gzip,
// chunks and headers counted, and the page's HTML beside it. The floor is an empty app of this framework, in the same
// run. Run: npm run bench -- page-weight
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { newDraft, type ProfileDraft } from "#lib/profiles/profile.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { emptyApp } from "./support/empty-app.ts";
import { seededConsole } from "./support/seeded-console.ts";

const settings = ["", "/access", "/preferences", "/security", "/team", "/trust", "/audit", "/about"];

/** Pages and the most kB that the scripts of each may come to. */
const pages: readonly (readonly [path: string, goal: number])[] = [
  ["/login", 150],
  ["/connections", 150],
  ...settings.map((section) => [`/settings${section}`, 150] as const),
  ["/help/problems", 150],
  ["/help/providers", 150],
  ["/connections/new", 180],
];
const connected = 185;

await measureEmptyApp();
const server = await startPostgres({ users: [{ name: "app", password: "secret" }] });
try {
  await server.writeHba(["host all all all scram-sha-256"]);
  const console_ = await seededConsole({ connections: [draft(server.port)] });
  try {
    const cookie = console_.cookies[0] ?? "";
    for (const [path, goal] of [...pages, [`/connections/${console_.ids[0]}`, connected] as const]) {
      // Whoever is signed in does not see the login.
      await measure(console_.url, path, path === "/login" ? "" : cookie, goal);
    }
  } finally {
    await console_.stop();
  }
} finally {
  await server.stop();
}

/** The least that anything made with this framework sends. */
async function measureEmptyApp(): Promise<void> {
  const empty = await emptyApp();
  try {
    await measure(empty.url, "/", "", undefined, "an empty app");
  } finally {
    await empty.stop();
  }
}

async function measure(
  origin: string,
  path: string,
  cookie: string,
  goal: number | undefined,
  name = path.replace(/[\w-]{20,}/, "[id]"),
): Promise<void> {
  const page = await get(origin, path, cookie);
  if (page.status !== 200) throw new Error(`${path} answered ${page.status}`);
  const scripts = new Set([...page.text.matchAll(/\/_next\/static\/[^"'\\ ]+?\.js/g)].map(([url]) => url));
  let bytes = 0;
  let files = 0;
  for (const script of scripts) {
    if (isForOldBrowsers(page.text, script)) continue;
    const answer = await get(origin, script, "");
    if (answer.status !== 200) throw new Error(`${script} answered ${answer.status}`);
    bytes += answer.wireBytes;
    files += 1;
  }
  const kb = bytes / 1000;
  const verdict = goal === undefined ? "" : kb <= goal ? `goal ${goal}` : `goal ${goal}  MISSED`;
  console.log(
    `${name.padEnd(24)} ${kb.toFixed(1).padStart(6)} kB in ${String(files).padStart(2)} files   HTML ${(page.wireBytes / 1000).toFixed(1).padStart(5)} kB   ${verdict}`,
  );
}

/** Only browsers without modules load it. */
function isForOldBrowsers(html: string, script: string): boolean {
  const tag = html.match(/<script\b[^>]*>/g)?.find((text) => text.includes(`src="${script}"`));
  return tag !== undefined && /\bnomodule\b/i.test(tag);
}

interface WireAnswer {
  readonly status: number;
  readonly text: string;
  /** Everything that came for it: status line, headers, and the body as it was sent. */
  readonly wireBytes: number;
}

/** One request on a connection of its own, read as bytes. */
async function get(origin: string, path: string, cookie: string): Promise<WireAnswer> {
  const { hostname, port, host } = new URL(origin);
  const head = [`GET ${path} HTTP/1.1`, `Host: ${host}`, "Accept-Encoding: gzip", "Connection: close"];
  if (cookie !== "") head.push(`Cookie: ${cookie}`);
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(`${head.join("\r\n")}\r\n\r\n`));
    socket.on("data", (part) => parts.push(part));
    socket.on("error", reject);
    socket.on("end", () => resolve(Buffer.concat(parts)));
  });
  const end = bytes.indexOf("\r\n\r\n");
  const headers = bytes.subarray(0, end).toString("latin1");
  const raw = bytes.subarray(end + 4);
  const body = /\r\nTransfer-Encoding: chunked/i.test(headers) ? unchunked(raw) : raw;
  return {
    status: Number(headers.split(" ")[1]),
    text: (/\r\nContent-Encoding: gzip/i.test(headers) ? gunzipSync(body) : body).toString("utf8"),
    wireBytes: bytes.length,
  };
}

/** RFC 9112, 7.1. */
function unchunked(raw: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = raw.indexOf("\r\n", at);
    const size = Number.parseInt(raw.subarray(at, lineEnd).toString("latin1"), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(raw.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

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
