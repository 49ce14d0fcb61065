// JavaScript that each page sends before it is usable, as it comes over the wire from the server itself: its own
// compression, chunks and headers counted, and the page's HTML beside it. A browser takes Brotli over TLS and from its own
// machine, and gzip alone over plain HTTP from another: both are told, the goals are for the first. The floor is an empty
// app of this framework, in the same run. Run: npm run bench -- page-weight
import { connect } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { emptyApp } from "./support/empty-app.ts";
import { withEveryPage } from "./support/every-page.ts";

/** The most kB that the scripts of a page may come to. */
const goals: Readonly<Record<string, number>> = {
  "/connections/new": 180,
  "/settings/connections/[id]": 180,
  "/connections/[id]": 170,
};
const goalOfOthers = 150;

await measureEmptyApp();
await withEveryPage(async ({ origin, pages }) => {
  for (const { name, path, cookie } of pages)
    await measure(origin, path, cookie, goals[name] ?? goalOfOthers, name);
});

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
  name: string,
): Promise<void> {
  const page = await get(origin, path, cookie, "gzip, deflate, br");
  if (page.status !== 200) throw new Error(`${path} answered ${page.status}`);
  const all = new Set([...page.text.matchAll(/\/_next\/static\/[^"'\\ ]+?\.js/g)].map(([url]) => url));
  const scripts = [...all].filter((script) => !isForOldBrowsers(page.text, script));
  const kb = await weigh(origin, scripts, "gzip, deflate, br");
  const zipped = await weigh(origin, scripts, "gzip");
  const verdict = goal === undefined ? "" : kb <= goal ? `goal ${goal}` : `goal ${goal}  MISSED`;
  console.log(
    `${name.padEnd(32)} ${kb.toFixed(1).padStart(6)} kB in ${String(scripts.length).padStart(2)} files (gzip ${zipped.toFixed(1)})   HTML ${(page.wireBytes / 1000).toFixed(1).padStart(5)} kB   ${verdict}`,
  );
}

/** All of them, in kB on the wire. */
async function weigh(origin: string, scripts: readonly string[], accepted: string): Promise<number> {
  let bytes = 0;
  for (const script of scripts) {
    const answer = await get(origin, script, "", accepted);
    if (answer.status !== 200) throw new Error(`${script} answered ${answer.status}`);
    bytes += answer.wireBytes;
  }
  return bytes / 1000;
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
async function get(origin: string, path: string, cookie: string, accepted: string): Promise<WireAnswer> {
  const { hostname, port, host } = new URL(origin);
  const head = [`GET ${path} HTTP/1.1`, `Host: ${host}`, `Accept-Encoding: ${accepted}`, "Connection: close"];
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
    text: decoded(headers, body).toString("utf8"),
    wireBytes: bytes.length,
  };
}

function decoded(headers: string, body: Buffer): Buffer {
  const coding = /\r\nContent-Encoding: (\w+)/i.exec(headers)?.[1];
  return coding === "br" ? brotliDecompressSync(body) : coding === "gzip" ? gunzipSync(body) : body;
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
