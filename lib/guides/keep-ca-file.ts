import type { CaFile } from "#lib/providers/guide.ts";
import { cmd, type PlatformGuide, powershell, sh } from "./platform-guide.ts";

/**
 * How a CA file is kept for one client alone (D5), with the command that shows what it holds. The file never goes
 * into the system's store: there, the provider's own authority could vouch for every site on the network. Nor is it
 * called `root.crt`: libpq would then check every other connection of `sslmode=require` against it.
 */
export function keepCaFile({ file, address, keptAs }: CaFile): readonly PlatformGuide[] {
  const unix = {
    steps: [
      address === undefined
        ? { id: "ca-download" as const, values: { file }, commands: [] }
        : { id: "ca-fetch" as const, commands: [sh(`curl --fail --location --output ${file} '${address}'`)] },
      {
        id: "ca-keep" as const,
        values: { path: `~/.postgresql/${keptAs}` },
        commands: [sh("mkdir -p ~/.postgresql", `cp ${file} ~/.postgresql/${keptAs}`)],
      },
      {
        id: "ca-check" as const,
        commands: [
          sh(
            `openssl crl2pkcs7 -nocrl -certfile ~/.postgresql/${keptAs} | openssl pkcs7 -print_certs -noout`,
            `openssl x509 -in ~/.postgresql/${keptAs} -noout -enddate -fingerprint -sha256`,
          ),
        ],
      },
    ],
  };
  const there = `"$env:APPDATA\\postgresql\\${keptAs}"`;
  return [
    { platform: "linux", ...unix },
    { platform: "macos", ...unix },
    {
      platform: "windows",
      steps: [
        address === undefined
          ? { id: "ca-download", values: { file }, commands: [] }
          : {
              id: "ca-fetch",
              commands: [powershell(`Invoke-WebRequest -Uri '${address}' -OutFile ${file}`)],
            },
        {
          id: "ca-keep",
          values: { path: `%APPDATA%\\postgresql\\${keptAs}` },
          commands: [
            powershell(
              'New-Item -ItemType Directory -Force "$env:APPDATA\\postgresql"',
              `Copy-Item ${file} ${there}`,
            ),
          ],
        },
        { id: "ca-check", commands: [cmd(`certutil -dump "%APPDATA%\\postgresql\\${keptAs}"`)] },
      ],
    },
  ];
}
