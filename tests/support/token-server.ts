import net from "node:net";
import type { SampleCertificate } from "#lib/samples/certificates.ts";
import { authentication, type Line, type RogueServer, serverMessage, startRogue } from "./rogue-server.ts";

export interface TokenServer {
  readonly port: number;
  /** The passwords it was sent, in order. */
  readonly passwords: readonly string[];
  /** What it was sent in all, after TLS. */
  received(): Buffer;
  stop(): Promise<void>;
}

interface Options {
  readonly certificate: SampleCertificate;
  /** A real PostgreSQL that trusts whoever comes over 127.0.0.1. */
  readonly behind: { readonly port: number };
  /** Looks at what was sent as the password; a text refuses the sign-in with these words. */
  readonly check: (password: string, user: string) => { message: string; code?: string } | undefined;
  /** What it asks for: a clear-text password (3) as services with tokens do, MD5 (5), SCRAM (10). */
  readonly ask?: 3 | 5 | 10;
}

/**
 * What a cloud puts before its PostgreSQL: it speaks TLS, asks for the password in clear text, checks that it is a
 * good token, and then joins the caller to a real server.
 */
export async function startTokenServer(options: Options): Promise<TokenServer> {
  const passwords: string[] = [];
  const rogue: RogueServer = await startRogue((line) => answer(line, options, passwords));
  return { port: rogue.port, passwords, received: rogue.received, stop: rogue.stop };
}

async function answer(first: Line, options: Options, passwords: string[]): Promise<void> {
  const { certificate, check, behind, ask = 3 } = options;
  const line = await first.secure({
    cert: certificate.chainPem,
    key: certificate.keyPem,
    ALPNProtocols: ["postgresql"],
  });
  const startup = await line.message(false);
  const user = /user\0([^\0]*)\0/.exec(startup.toString("utf8"))?.[1] ?? "";
  const extra = ask === 5 ? Buffer.from("salt") : ask === 10 ? "SCRAM-SHA-256\0\0" : "";
  line.send(authentication(ask, extra));
  const password = (await line.message(true)).toString("utf8").replace(/\0$/, "");
  passwords.push(password);
  const refusal = check(password, user);
  if (refusal !== undefined) {
    const { message, code = "28000" } = refusal;
    line.send(serverMessage("E", `SFATAL\0VFATAL\0C${code}\0M${message}\0\0`));
    line.socket.end();
    return;
  }
  join(line, startup, behind.port);
}

/** The real server is told the same startup message, and from then on both talk to each other. */
function join(line: Line, startup: Buffer, port: number): void {
  const server = net.connect({ host: "127.0.0.1", port });
  const length = Buffer.alloc(4);
  length.writeInt32BE(startup.length + 4);
  server.write(Buffer.concat([length, startup]));
  server.on("error", () => line.socket.destroy());
  line.socket.on("error", () => server.destroy());
  server.pipe(line.socket);
  line.socket.pipe(server);
}
