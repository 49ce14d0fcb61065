import "server-only";
import { constants } from "node:fs";
import { basename } from "node:path";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { StoredPart } from "#lib/vault/store.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import type { HeadFile } from "./head-file.ts";
import { linesBackwards, linesForward } from "./log-lines.ts";
import { closedParts, type OpenPart, openPartIfThere, partPath } from "./log-parts.ts";
import { closedPathProblem } from "./permissions.ts";

/** Where a log lies. */
export interface LogPlace {
  readonly disk: Disk;
  readonly folder: string;
  readonly name: string;
  readonly head: HeadFile;
}

/** Hands over each part in order, and a hole for those that are not there any more. */
export async function eachPart(
  place: LogPlace,
  take: (part: StoredPart) => Promise<boolean>,
): Promise<Result<void>> {
  return reading(place, async (found) => {
    let expected = 1;
    for (const number of [...found.closed, found.presentNumber]) {
      const isPresent = number === found.presentNumber;
      if (number > expected && !(await take(hole(place, expected)))) return ok(undefined);
      expected = number + 1;
      const opened = isPresent ? ok(found.present) : await openClosed(place, number);
      if (!opened.ok) return opened;
      const part = opened.value;
      // While nothing was written to the newest one yet it need not be there.
      if (part === undefined && isPresent) break;
      if (part === undefined) {
        if (!(await take(hole(place, number)))) return ok(undefined);
        continue;
      }
      const name = basename(partPath(place.folder, place.name, isPresent ? undefined : number));
      try {
        const given: StoredPart = {
          name,
          version: isPresent ? undefined : part.version,
          lines: async (takeLine, rest) => {
            for await (const text of linesForward(part.handle, part.size, !isPresent, rest)) {
              if (!takeLine(text)) return;
            }
          },
        };
        if (!(await take(given))) return ok(undefined);
      } finally {
        if (!isPresent) await part.handle.close();
      }
    }
    return ok(undefined);
  });
}

/** Hands over whole lines, the newest first; a place is a part and an offset in it. */
export async function backwards(
  place: LogPlace,
  take: (line: string) => boolean,
  before?: number,
): Promise<Result<number | null>> {
  return reading(place, async (found) => {
    for (const number of [found.presentNumber, ...found.closed.toReversed()]) {
      const isPresent = number === found.presentNumber;
      const start = number * placesOfPart;
      if (before !== undefined && before <= start) continue;
      const opened = isPresent ? ok(found.present) : await openClosed(place, number);
      if (!opened.ok) return opened;
      if (opened.value === undefined) continue;
      const { handle, size } = opened.value;
      try {
        let end = before === undefined ? size : Math.min(before - start, size);
        for await (const line of linesBackwards(handle, end)) {
          if (!take(line.text)) return ok(start + end);
          end = line.start;
        }
      } finally {
        if (!isPresent) await handle.close();
      }
    }
    return ok(null);
  });
}

/** Longer than any part; times as many parts it is still a whole number. */
const placesOfPart = 2 ** 32;

interface Found {
  readonly closed: readonly number[];
  readonly present: OpenPart | undefined;
  readonly presentNumber: number;
}

/**
 * The parts as they are at one moment, though somebody may close one just now: the newest is opened, and the head read,
 * before the others are looked for; when the newest is found among them it was closed in between.
 */
async function reading<R>(place: LogPlace, work: (found: Found) => Promise<Result<R>>): Promise<Result<R>> {
  const { disk, folder, name } = place;
  try {
    const [known, opened] = await Promise.all([
      place.head.read(),
      openPartIfThere(disk, partPath(folder, name), constants.O_RDONLY),
    ]);
    if (!opened.ok) return opened;
    const present = opened.value;
    try {
      const closed = [...(await closedParts(disk, folder, name))];
      const highest = closed.at(-1);
      const closedNow = highest !== undefined && (await isSame(place, highest, present));
      if (closedNow) closed.pop();
      const presentNumber = closedNow ? highest : Math.max((highest ?? 0) + 1, known.part);
      return await work({ closed, present, presentNumber });
    } finally {
      await present?.handle.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EACCES" || code === "EPERM") return failed(closedPathProblem(folder, code));
    throw error;
  }
}

async function isSame({ disk, folder, name }: LogPlace, number: number, present: OpenPart | undefined) {
  if (present === undefined) return false;
  const found = await disk.lstat(partPath(folder, name, number), { bigint: true }).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  return found?.ino === present.inode;
}

function openClosed({ disk, folder, name }: LogPlace, number: number) {
  return openPartIfThere(disk, partPath(folder, name, number), constants.O_RDONLY);
}

function hole({ folder, name }: LogPlace, number: number): StoredPart {
  return { name: basename(partPath(folder, name, number)), version: undefined, lines: undefined };
}
