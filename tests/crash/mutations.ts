import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Part } from "./trial.ts";

/** The processes that look, each at its own files. */
const lanes = 2;

export const mutations: Part = {
  proves: "every file altered in every way: named or harmless, never something false, within 1 s and 256 MB",
  stores: "file",
  zeros: ["false", "written over", "slow", "large", "crashed"],
  async run(trial) {
    const { settings, size } = trial;
    await trial.inFolder(async (folder) => {
      const each = Math.ceil(size.mutations / lanes);
      await Promise.all(
        Array.from({ length: lanes }, async (_, lane) => {
          const given = join(folder, String(lane));
          for (const name of ["config", "state"])
            mkdirSync(join(given, name), { recursive: true, mode: 0o700 });
          const task = {
            task: "mutate",
            store: "file",
            given,
            seed: settings.seed + lane,
            count: each,
          } as const;
          const worker = settings.workers.start(task, { nodeOptions: ["--max-old-space-size=256"] });
          const stop = () => worker.child.kill("SIGKILL");
          settings.signal.addEventListener("abort", stop, { once: true });
          const progress = setInterval(() => trial.tell(worker.said.at(-1) ?? ""), 500);
          const { how, errors } = await worker.ended;
          clearInterval(progress);
          settings.signal.removeEventListener("abort", stop);
          settings.signal.throwIfAborted();
          trial.count("mutations", each);
          if (how !== "0") {
            trial.fault(
              "crashed",
              `${readFileSync(join(given, "last"), "utf8")}: ${how} ${errors.slice(0, 2000)}`,
            );
          }
          for (const line of worker.said) {
            const [, name, what] = /^fault ([a-z ]+): (.*)$/.exec(line) ?? [];
            if (name !== undefined) trial.fault(name, what ?? "");
            if (!line.startsWith("counts ")) continue;
            const { counts, slowest, mb } = JSON.parse(line.slice(7));
            for (const [key, number] of Object.entries<number>(counts)) {
              if (key !== "false") trial.count(key, number);
            }
            trial.most("slowest, ms", slowest);
            trial.most("most memory, MB", mb);
          }
        }),
      );
    });
  },
};
