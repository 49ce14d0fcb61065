import "server-only";
import { readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { acceptsCoding } from "./accepts-coding.ts";
import type { OpenDoor } from "./front-door.ts";

/**
 * The scripts and styles of a build, sent as `bin/compress-files.js` has left them: the framework compresses each anew
 * for every browser, and by a seventh less. What is asked for in parts, or again by its tag, and what has no compressed
 * form is the framework's.
 * @param folder `static` of the build
 */
export function builtFilesDoor(folder: string): OpenDoor {
  const files = listFiles(folder);
  return {
    method: "GET",
    target: /^\/_next\/static\/([\w~.][\w~./-]*)$/,
    takes: ({ headers }, [name = ""]) =>
      files.has(name) &&
      headers.range === undefined &&
      headers["if-none-match"] === undefined &&
      headers["if-modified-since"] === undefined &&
      codingFor(String(headers["accept-encoding"] ?? "")) !== undefined,
    answer: async ({ headers: asked }, [name = ""]) => {
      const coding = codingFor(asked.get("accept-encoding") ?? "");
      // A build that is made while the console runs takes the files of the last one away.
      const content = await readFile(`${path.join(folder, name)}${coding?.ending}`).catch(() => undefined);
      if (coding === undefined || content === undefined) return new Response(null, { status: 404 });
      const headers = { "Content-Encoding": coding.name, "Content-Length": String(content.length) };
      return new Response(content, { headers: { ...files.get(name), ...headers } });
    },
  };
}

/** The smallest first. */
const codings = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

function codingFor(accepted: string): (typeof codings)[number] | undefined {
  return codings.find(({ name }) => acceptsCoding(name, accepted));
}

/** By path below the folder: the headers that the framework gives the file, whoever sends it. */
function listFiles(folder: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const known = new Set(names);
  const whole = names.filter((name) => codings.every(({ ending }) => known.has(name + ending)));
  return new Map(
    whole.map((name) => {
      const { size, mtime } = statSync(path.join(folder, name));
      return [
        name.split(path.sep).join("/"),
        {
          "Accept-Ranges": "bytes",
          "Cache-Control": "public, max-age=31536000, immutable",
          "Content-Type": `${name.endsWith(".css") ? "text/css" : "application/javascript"}; charset=UTF-8`,
          ETag: `W/"${size.toString(16)}-${mtime.getTime().toString(16)}"`,
          "Last-Modified": mtime.toUTCString(),
          Vary: "Accept-Encoding",
        },
      ];
    }),
  );
}
