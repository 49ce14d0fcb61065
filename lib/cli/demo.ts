import "server-only";
import { missingSamplePackage } from "#lib/samples/missing-package.ts";
import type { DemoOptions } from "./demo-options.ts";
import type { ExitCode, Io } from "./io.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db demo`: sample servers and the console on a scratch vault; ends with a signal and leaves nothing. */
export async function demo(args: readonly string[], io: Io): Promise<ExitCode> {
  const options = readOptions(args, io);
  if (typeof options === "number") return options;
  const name = missingSamplePackage();
  if (name !== undefined) {
    io.err(say("cli.demo.notInstalled", { name }));
    return 1;
  }
  // In a bundle packages are loaded before the house's own files: so what one of them asks for goes ahead.
  await import("#lib/samples/reflect-metadata.ts");
  // Loaded now: whoever only wants to know how it is called does not wait for the whole house.
  const { runDemo } = await import("./run-demo.ts");
  return runDemo(options, io);
}

function readOptions(args: readonly string[], io: Io): DemoOptions | ExitCode {
  const parsed = readArguments(args, {
    host: { type: "string" },
    port: { type: "string", short: "p" },
    large: { type: "boolean" },
  });
  const refuse = (sentence: string): ExitCode => {
    io.err(`${sentence}\n\n${say("cli.help.demo")}`);
    return 2;
  };
  if (!parsed.ok) return refuse(parsed.problem);
  const { values, positionals } = parsed.value;
  if (values.help) {
    io.out(say("cli.help.demo"));
    return 0;
  }
  if (positionals[0] !== undefined) {
    return refuse(say("cli.usage.unexpectedArgument", { argument: positionals[0] }));
  }
  const {
    host = "127.0.0.1",
    port,
    large = false,
  } = values as {
    host?: string;
    port?: string;
    large?: boolean;
  };
  if (host === "") return refuse(say("cli.usage.host"));
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    return refuse(say("cli.usage.port", { port }));
  }
  return { host, port: port === undefined ? undefined : Number(port), large };
}
