import "server-only";
import path from "node:path";
import { layPostgresPrograms, type PostgresPrograms, postgresPrograms } from "./postgres-programs.ts";
import { makeServerFolder, runAsServer } from "./server-user.ts";

/** What sample servers are made of: the programs, and a fresh cluster to copy. */
export interface SampleGround {
  readonly programs: PostgresPrograms;
  readonly template: string;
}

/**
 * The ground that somebody has laid for several processes and named in `CLOAK_DB_SAMPLE_GROUND`, as a run of tests
 * does: initdb would be a third of what many a file of them costs. Otherwise one that is laid in `folder`.
 * @throws as `layGround` does
 */
export async function sampleGround(folder: string): Promise<SampleGround> {
  const laid = process.env.CLOAK_DB_SAMPLE_GROUND;
  if (laid === undefined) return layGround(folder);
  return { programs: postgresPrograms(programsIn(laid)), template: templateIn(laid) };
}

/** @throws where there is no PostgreSQL for this machine, or initdb fails */
export async function layGround(folder: string): Promise<SampleGround> {
  const programs = await layPostgresPrograms(programsIn(folder));
  const template = templateIn(folder);
  await makeServerFolder(template);
  await runAsServer(programs.initdb, initdbArguments(template), programs.env);
  return { programs, template };
}

const programsIn = (folder: string) => path.join(folder, "programs");
const templateIn = (folder: string) => path.join(folder, "template");

/** Small and quick: nothing in it has to survive a power cut. */
function initdbArguments(folder: string): string[] {
  return [
    "--pgdata",
    folder,
    "--username",
    "postgres",
    "--auth",
    "trust",
    "--encoding",
    "UTF8",
    "--locale",
    "C",
    "--wal-segsize",
    "1",
    "--no-sync",
    "--no-data-checksums",
    "--no-instructions",
    "--set",
    "dynamic_shared_memory_type=mmap",
  ];
}
