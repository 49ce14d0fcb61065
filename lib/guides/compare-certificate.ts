import { printOnServer, printOnWindows } from "./fingerprint-commands.ts";
import { type PlatformGuide, sh } from "./platform-guide.ts";

/**
 * How the certificate of a server that vouches for itself is compared: once as the server's own machine has it, once
 * as it arrives. Only where both fingerprints agree is it the server's.
 * @param host as in the form, for the server name in the handshake, too
 */
export function compareCertificate(host: string, port: string): readonly PlatformGuide[] {
  const onServer = {
    id: "own-on-server" as const,
    commands: [sh('psql --command="show ssl_cert_file"', printOnServer.text)],
  };
  const arriving = {
    id: "own-arriving" as const,
    commands: [
      sh(
        `openssl s_client -starttls postgres -connect ${host}:${port} -servername ${host} </dev/null | openssl x509 -noout -subject -enddate -fingerprint -sha256`,
      ),
    ],
  };
  const inConsole = { id: "own-in-console" as const, commands: [] };
  return [
    { platform: "linux", steps: [onServer, arriving, inConsole] },
    { platform: "macos", steps: [onServer, arriving, { id: "own-libressl", commands: [] }, inConsole] },
    {
      platform: "windows",
      steps: [{ id: "own-on-server-windows", commands: [printOnWindows] }, inConsole],
    },
  ];
}
