import "server-only";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { readBounded } from "#lib/stores/file/read-bounded.ts";
import { askOnce, askPassword } from "./ask-password.ts";
import type { Io } from "./io.ts";
import { notTaken } from "./not-taken.ts";
import { say } from "./words.ts";

/**
 * Takes the passphrase of a file: from a file's first line, from the terminal, or from standard input; never from an
 * argument, which everybody on the machine can see.
 * @param from  a file, where one is named
 * @param isNew asked for twice
 * @returns why not, as a sentence
 */
export async function askPassphrase(
  io: Io,
  from: string | undefined,
  isNew: boolean,
): Promise<Result<Secret, string>> {
  if (from !== undefined) {
    const found = await readBounded(from, largestFile, { isPrivate: true });
    if (found.state === "read") {
      return ok(new Secret(found.bytes.toString("utf8").split(/\r?\n/, 1)[0] ?? ""));
    }
    return failed(notTaken(from, found));
  }
  const first = say("cli.carry.passphrase");
  const given = isNew
    ? await askPassword(io, { first, again: say("cli.carry.again"), differ: say("cli.carry.differ") })
    : await askOnce(io, first);
  return given === undefined ? failed(say("cli.carry.noPassphrase")) : ok(given);
}

/** Of a passphrase, bytes. */
const largestFile = 4096;
