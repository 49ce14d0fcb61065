import { setTimeout as sleep } from "node:timers/promises";
import { countsOf, countUp, linesIn, logOf, readCount, sessionsOf } from "./acts.ts";
import { value } from "./expected.ts";
import { endReader } from "./random-kills.ts";
import type { Place } from "./stores.ts";
import type { Part, Trial } from "./trial.ts";
import type { RunningWorker } from "./workers.ts";
import { lastEntry, smallParts, type WriterKind } from "./writers.ts";

/** One console, four commands, three that write lines. */
const writers: readonly { readonly id: string; readonly as: WriterKind }[] = [
  { id: "console", as: "console" },
  ...["1", "2", "3", "4"].map((number) => ({ id: `command${number}`, as: "command" as const })),
  ...["1", "2", "3"].map((number) => ({ id: `lines${number}`, as: "lines" as const })),
];

export const manyWriters: Part = {
  proves:
    "eight writers of three kinds at once, some killed, some stopped for a while: sums exact, one chain, no lock stuck",
  stores: "any",
  zeros: ["lost", "doubled", "seen half", "stuck", "left over"],
  async run(trial) {
    await trial.inFolder((folder) => writeTogether(trial, folder, { disturbed: true, clocks: [[0]] }));
  },
};

/**
 * Lets the eight write for a while, and compares what they were told with what is there.
 * @param clocks what each one's clock is wrong by, by turns
 */
export async function writeTogether(
  trial: Trial,
  folder: string,
  { disturbed, clocks }: { readonly disturbed: boolean; readonly clocks: readonly (readonly number[])[] },
): Promise<void> {
  const { kind, storeName: store, workers, signal } = trial.settings;
  const { given } = await kind.make(folder);
  const place = await kind.at(given, { partBytes: smallParts });
  value(await place.open());
  const reader = workers.start({ task: "watch", store, given });
  const start = (index: number): RunningWorker => {
    const { id, as } = writers[index] ?? { id: "none", as: "all" };
    const clock = clocks[index % clocks.length] ?? [0];
    // No other program is needed: some find none.
    const env = index % 2 === 0 ? {} : { PATH: "/nonexistent" };
    const worker = workers.start({ task: "work", store, given, id, as, clock }, { env });
    worker.child.stdin?.write("go\n");
    return worker;
  };
  reader.child.stdin?.write("go\n");
  const lives = writers.map((_, index) => [start(index)]);
  const present = (index: number) => lives[index]?.at(-1) as RunningWorker;
  await Promise.all(writers.map((_, index) => present(index).saying("ready")));

  const until = performance.now() + trial.size.seconds * 1000;
  while (performance.now() < until) {
    signal.throwIfAborted();
    trial.tell(`${Math.ceil((until - performance.now()) / 1000)} s left`);
    await sleep(20 + trial.random() * 150);
    const index = trial.below(writers.length);
    const worker = present(index);
    if (!disturbed) continue;
    if (trial.random() < 0.5) {
      worker.child.kill("SIGSTOP");
      await sleep(trial.random() * 250);
      worker.child.kill("SIGCONT");
      trial.count("stops");
    } else {
      worker.child.kill("SIGKILL");
      trial.count("kills");
      await worker.ended;
      lives[index]?.push(start(index));
    }
  }
  for (const [index] of writers.entries()) present(index).child.stdin?.write("stop\n");
  const late = setTimeout(() => {
    for (const [index, { id }] of writers.entries()) {
      const { child } = present(index);
      if (child.exitCode !== null || child.signalCode !== null) continue;
      trial.fault("stuck", `${id} does not end`);
      child.kill("SIGKILL");
    }
  }, longestEnd);
  for (const [index, { id }] of writers.entries()) {
    const { how, errors } = await present(index).ended;
    if (how !== "0") trial.fault("stuck", `${id} ended with ${how}: ${errors}`);
  }
  clearTimeout(late);
  await endReader(trial, reader);
  await judge(trial, place, lives);
  value(await countUp(value(await place.open())));
  for (const name of place.leftOvers()) trial.fault("left over", name);
  await place.end?.();
}

/** Each has at most one write under way, and those that hold the lock are done with it in no time. */
const longestEnd = 60_000;

async function judge(
  trial: Trial,
  place: Place,
  lives: readonly (readonly RunningWorker[])[],
): Promise<void> {
  const vault = value(await place.open());
  const counts = await countsOf(vault);
  if (typeof counts === "string") return trial.fault("lost", counts);
  for (const [index, { id }] of writers.entries()) {
    judgeNumbers(trial, `commit of ${id}`, lives[index] ?? [], "commit", counts.get(id) ?? 0, 1);
  }
  const all = lives.flat();
  judgeNumbers(trial, "document", all, "document", readCount(await sessionsOf(vault).read()), 1);
  judgeNumbers(trial, "change", all, "change", readCount(await vault.document("moves").read()), 1);
  judgeNumbers(trial, "notebook", all, "notebook", value(await lastEntry(vault)), 1);

  const lines = await linesIn(vault);
  judgeNumbers(trial, "log", all, "log", lines, 7);
  const texts = new Map<number, string>();
  value(await logOf(vault).each(({ seq, text }) => texts.set(seq, text)));
  if (new Set(texts.values()).size !== texts.size) trial.fault("doubled", "a line of the log");
  for (const line of all.flatMap(({ said }) => said)) {
    const [, number, text] = /^log (\d+) (.*)$/.exec(line) ?? [];
    if (number !== undefined && texts.get(Number(number)) !== text) trial.fault("lost", `line ${line}`);
  }
}

/** What was told to all of them, against what is there: each that was killed may have done a little more. */
function judgeNumbers(
  trial: Trial,
  what: string,
  lives: readonly RunningWorker[],
  word: string,
  found: number | string | undefined,
  underWay: number,
): void {
  if (typeof found === "string") {
    trial.fault("lost", `${what}: ${found}`);
    return;
  }
  const numbers = lives
    .flatMap(({ said }) => said)
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => Number(line.split(" ")[1]));
  const told = new Set(numbers);
  trial.count(`${word}s`, told.size);
  if (told.size < numbers.length) trial.fault("doubled", `${what}: ${numbers.length - told.size}`);
  const [there, highest] = [found ?? 0, Math.max(0, ...told)];
  if (highest > there) trial.fault("lost", `${what}: ${highest} was acknowledged, ${there} is there`);
  const most = (lives.length - 1) * underWay;
  if (there - told.size > most) {
    trial.fault(
      "doubled",
      `${what}: ${there} is there, ${told.size} were told, ${most} may have been under way`,
    );
  }
}
