import "server-only";
import type { Environment } from "#lib/env.ts";
import type { Result } from "#lib/problems/result.ts";
import type { Workspace } from "#lib/workspace.ts";
import type { ExitCode } from "./io.ts";

/** What a command was given. */
export interface Given {
  readonly objects: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly env: Environment;
  /** The workspace; undefined where nothing is kept, and then nothing is made. */
  readonly open: () => Promise<Result<Workspace | undefined>>;
}

/** The exit code, or the sentence that says what was typed wrong. */
export type Done = Promise<Result<ExitCode, string>>;
