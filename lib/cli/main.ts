import "server-only";
import { productVersion } from "#lib/product-version.ts";
import { type ExitCode, type Io, processIo } from "./io.ts";
import { say } from "./words.ts";

/**
 * The command line. `start` is not among the commands: bin/cloak-db runs it in plain JavaScript.
 * @param argv the arguments after the program's name
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  const [command, ...args] = argv;
  switch (command) {
    case "check":
      return (await import("./check.ts")).check(args, io);
    case "demo":
      return (await import("./demo.ts")).demo(args, io);
    case "admin":
      return (await import("./admin.ts")).admin(args, io);
    case "audit":
      return (await import("./audit.ts")).audit(args, io);
    case "key":
      return (await import("./key.ts")).key(args, io);
    case "backup":
      return (await import("./backup.ts")).backup(args, io);
    case "store":
      return (await import("./store.ts")).store(args, io);
    case "export":
      return (await import("./export.ts")).exportConnections(args, io);
    case "import":
      return (await import("./import.ts")).importConnections(args, io);
    case "move-vault":
      return (await import("./move-vault.ts")).moveVault(args, io);
    case "problems":
      return (await import("./problems.ts")).problems(args, io);
    case "--version":
      io.out(productVersion);
      return 0;
    case "--help":
    case "-h":
      io.out(say("cli.help.main"));
      return 0;
    default:
      return wrongUsage(command, io);
  }
}

function wrongUsage(command: string | undefined, io: Io): ExitCode {
  const sentence =
    command === undefined
      ? say("cli.usage.noCommand")
      : say(command.startsWith("-") ? "cli.usage.unknownOption" : "cli.usage.unknownCommand", {
          command,
          option: command,
        });
  io.err(`${sentence}\n\n${say("cli.help.main")}`);
  return 2;
}
