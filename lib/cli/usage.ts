import "server-only";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { say } from "./words.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Reads a command's options; `--help` and `-h` are always among them.
 * @returns values and positional arguments, or the sentence that says what is wrong
 */
export function readArguments(args: readonly string[], options: Options): Result<Parsed, string> {
  try {
    return ok(
      parseArgs({
        args: [...args],
        options: { ...options, help: { type: "boolean", short: "h" } },
        allowPositionals: true,
      }),
    );
  } catch (error) {
    return failed(usageProblem(error as Error & { code?: string }));
  }
}

/** Node's own sentences are English only; what they quote is what we need. */
function usageProblem(error: Error & { code?: string }): string {
  // Of "-p, --port <value>" the long name.
  const option = /'([^']*?)(?: <.*?)?'/.exec(error.message)?.[1]?.split(", ").at(-1) ?? "";
  if (error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return say("cli.usage.unknownOption", { option });
  if (error.code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") {
    const key = error.message.includes("does not take") ? "optionTakesNoValue" : "optionNeedsValue";
    return say(`cli.usage.${key}`, { option });
  }
  throw error;
}
