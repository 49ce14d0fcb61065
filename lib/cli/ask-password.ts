import "server-only";
import { Secret } from "#lib/secret.ts";
import type { Io } from "./io.ts";

/**
 * Takes a password without showing it: typed twice on a terminal, else the first line of standard input. Never an
 * argument: the list of processes shows those to everybody on the machine.
 * @returns undefined when the two did not agree, or the person gave up (Ctrl+C, Ctrl+D)
 */
export async function askPassword(
  io: Io,
  questions: { readonly first: string; readonly again: string; readonly differ: string },
): Promise<Secret | undefined> {
  if (!io.stdin.isTTY) return new Secret(await firstLine(io.stdin));
  const first = await typed(io, questions.first);
  const again = first === undefined ? undefined : await typed(io, questions.again);
  if (first === undefined || again === undefined) return undefined;
  if (first === again) return new Secret(first);
  io.err(questions.differ);
  return undefined;
}

/** The same, typed once. */
export async function askOnce(io: Io, question: string): Promise<Secret | undefined> {
  if (!io.stdin.isTTY) return new Secret(await firstLine(io.stdin));
  const text = await typed(io, question);
  return text === undefined ? undefined : new Secret(text);
}

async function firstLine(stdin: NodeJS.ReadStream): Promise<string> {
  let text = "";
  stdin.setEncoding("utf8");
  for await (const part of stdin) {
    text += part;
    if (text.includes("\n") || text.length > 10_000) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? "";
}

/** Reads one line key by key, so that the terminal does not echo it. */
function typed(io: Io, question: string): Promise<string | undefined> {
  const { stdin } = io;
  process.stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.resume();
  return new Promise((resolve) => {
    let text = "";
    const finish = (answer: string | undefined) => {
      stdin.off("data", onData);
      stdin.setRawMode(false);
      stdin.pause();
      process.stderr.write("\n");
      resolve(answer);
    };
    // A paste comes as one piece, with the line's end in it.
    const onData = (keys: string) => {
      for (const key of keys) {
        if (key === "\r" || key === "\n") return finish(text);
        if (key === ctrlC || (key === ctrlD && text === "")) return finish(undefined);
        if (key === backspace || key === del) text = [...text].slice(0, -1).join("");
        else if (key >= " ") text += key;
      }
    };
    stdin.on("data", onData);
  });
}

const ctrlC = "\u0003";
const ctrlD = "\u0004";
const backspace = "\b";
const del = "\u007f";
