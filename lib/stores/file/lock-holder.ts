import "server-only";
import { randomBytes } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { basename } from "node:path";
import { z } from "zod";
import { type Facts, type Problem, problem } from "#lib/problems/problem.ts";
import { systemErrorCode } from "./disk.ts";

/** Who holds a lock, as it says itself. */
export type LockHolder = z.infer<typeof holderSchema>;

const holderSchema = z.strictObject({
  host: z.string().max(256),
  /** Machine, boot and pid namespace: only within all three does a pid mean the same process. */
  machine: z.string().max(64),
  boot: z.string().max(64),
  namespace: z.string().max(64),
  pid: z.int(),
  /** When the process began, in clock ticks since boot; empty where it cannot be told. */
  start: z.string().max(32),
  /** What runs there, as in `cloak-db start`: for people. */
  program: z.string().max(64),
  token: z.string().regex(/^[0-9a-f]{16}$/),
  /** Grows every few seconds while the holder runs; of fixed width, so that a reader never sees it short. */
  beat: z.string().regex(/^\d{12}$/),
});

/** This process as the holder of one lock. */
export async function newHolder(): Promise<LockHolder> {
  return { ...(await whoWeAre()), token: randomBytes(8).toString("hex"), beat: beatText(0) };
}

/** What to say when somebody kept the lock for longer than anybody waits. */
export function busyProblem(path: string, holder: LockHolder | undefined): Problem {
  return problem("vault-busy", { path, ...holderFacts(holder), saved: false });
}

/** The facts that name a holder in the words of a problem. */
export function holderFacts(holder: LockHolder | undefined): Facts {
  if (holder === undefined) return {};
  return { found: "process", holder: `${holder.program} (pid ${holder.pid}, ${holder.host})` };
}

export function beatText(beat: number): string {
  return String(beat).padStart(12, "0");
}

export function parseHolder(content: string): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
}

/**
 * Whether the holder's process is there: `gone` and `alive` are certain; `unknown` is another machine, another
 * container, or a system that does not tell.
 */
export async function lifeOf(holder: LockHolder): Promise<"gone" | "alive" | "unknown"> {
  const here = await whoWeAre();
  if (holder.host !== here.host || holder.machine !== here.machine) return "unknown";
  // The same machine, started again since: what ran then runs no more. Without an id nobody knows that it is the same.
  if (holder.boot !== here.boot) {
    return here.machine === "" || here.boot === "" || holder.boot === "" ? "unknown" : "gone";
  }
  if (holder.namespace !== here.namespace) return "unknown";
  const start = await startOf(holder.pid);
  if (start === undefined) return processExists(holder.pid) ? "unknown" : "gone";
  if (start.state === "Z") return "gone";
  return start.at === holder.start ? "alive" : "gone";
}

type Process = Omit<LockHolder, "token" | "beat">;

let me: Promise<Process> | undefined;

/** Not remembered when it could not be found out, for want of a descriptor: half of it would be taken for another machine. */
async function whoWeAre(): Promise<Process> {
  me ??= thisProcess();
  return me.catch((error: unknown) => {
    me = undefined;
    throw error;
  });
}

async function thisProcess(): Promise<Process> {
  const read = (path: string) => readFile(path, "utf8").catch(unlessScarce);
  return {
    host: hostname().slice(0, 256),
    machine: (await read("/etc/machine-id")).trim().slice(0, 64),
    boot: (await read("/proc/sys/kernel/random/boot_id")).trim().slice(0, 64),
    namespace: await readlink("/proc/self/ns/pid").catch(unlessScarce),
    pid: process.pid,
    start: (await startOf(process.pid))?.at ?? "",
    program: [process.argv[1] ?? "node", ...process.argv.slice(2, 3)]
      .map((word) => basename(word))
      .join(" ")
      .slice(0, 64),
  };
}

/** Empty where the system does not tell; thrown where it only cannot just now. */
function unlessScarce(error: unknown): string {
  if (["EMFILE", "ENFILE", "ENOMEM"].includes(systemErrorCode(error) ?? "")) throw error;
  return "";
}

/** Fields 3 and 22 of /proc/<pid>/stat, counted after the name, which may hold anything (proc(5)). */
async function startOf(pid: number): Promise<{ readonly state: string; readonly at: string } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? undefined : { state: fields[0] ?? "", at: fields[19] ?? "" };
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
