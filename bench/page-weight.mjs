// JavaScript that each page sends before it is usable, gzip. Goals: list 165 kB, form 190 kB; an empty app of this
// framework sends 135 kB.
import { gzipSync } from "node:zlib";
import { scratchConsole } from "./support/scratch-console.mjs";

const goals = {
  "/connections": 165,
  "/connections/new": 190,
  "/settings": undefined,
  "/help/problems": undefined,
};

const console_ = await scratchConsole();
try {
  const answer = await fetch(`${console_.url}/api/setup`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: console_.url },
    body: JSON.stringify({
      token: console_.setupToken,
      name: "bench",
      password: "correct horse battery staple 42",
    }),
  });
  if (!answer.ok) throw new Error(`setup answered ${answer.status}: ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  for (const [path, goal] of Object.entries(goals)) {
    const kb = (await scriptBytes(path, cookie)) / 1000;
    console.log(`${path.padEnd(18)} ${kb.toFixed(1)} kB${goal === undefined ? "" : `   goal ${goal} kB`}`);
  }
} finally {
  await console_.stop();
}

async function scriptBytes(path, cookie) {
  const response = await fetch(`${console_.url}${path}`, { headers: { cookie }, redirect: "manual" });
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  const html = await response.text();
  const scripts = new Set([...html.matchAll(/\/_next\/static\/[^"'\\ ]+?\.js/g)].map(([url]) => url));
  let bytes = 0;
  for (const url of scripts) {
    // Only browsers without modules load it.
    if (new RegExp(`src="${url.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}"[^>]*nomodule`, "i").test(html))
      continue;
    bytes += gzipSync(Buffer.from(await (await fetch(`${console_.url}${url}`)).arrayBuffer())).length;
  }
  return bytes;
}
