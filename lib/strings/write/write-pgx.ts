import { type TlsVersion, tlsVersions } from "#lib/settings/form-values.ts";
import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";
import { clientLimits } from "./client-limits.ts";
import { codePassword } from "./code-secrets.ts";
import { doubleQuoted } from "./code-text.ts";
import { clientFiles, rootsFile, typedPassphrase } from "./copy-files.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqParameters } from "./libpq-words.ts";
import { raisedMode } from "./raised-mode.ts";
import { tlsIntent } from "./tls-intent.ts";

/**
 * A connection of pgx 5 (Go). It reads libpq's words itself and sends those it does not know to the server, so that
 * only its own are written; without sslrootcert it trusts the system's store. Versions and addresses go by the
 * configuration that it makes of them.
 */
export function writePgx(draft: Draft): string {
  const { values } = draft;
  const intent = tlsIntent(values);
  const mode = raisedMode(draft, intent);
  const mayFallBack = mode === "prefer" || mode === "allow";
  clientLimits(draft, intent, {
    can: [
      ...(["networkAddress", "channelBinding"] as const),
      ...(mayFallBack ? [] : (["tlsRange"] as const)),
      ...(mode === "verify-full" ? [] : (["withoutSni"] as const)),
    ],
  });
  const parameters = libpqParameters(values);
  for (const name of ["hostaddr", "ssl_min_protocol_version", "ssl_max_protocol_version", "sslrootcert"]) {
    parameters.delete(name);
  }
  if (values.host === "") parameters.set("host", values.networkAddress);
  parameters.set("sslmode", mode);
  // It sends the name that it verifies.
  if (mode === "verify-full") parameters.delete("sslsni");
  if (intent.checks !== "none" && intent.roots !== "system") {
    parameters.set("sslrootcert", rootsFile(draft, intent));
    // Go takes any certificate in the pool for an anchor.
    draft.remarks.delete("pinned-needs-partial-chain");
  }
  const client = clientFiles(draft);
  if (client !== undefined) {
    parameters.set("sslcert", client.cert).set("sslkey", client.key);
    remark(draft, "key-for-pgx");
    const passphrase = typedPassphrase(draft);
    if (passphrase !== undefined) parameters.set("sslpassword", passphrase);
  }
  if (parameters.has("sslnegotiation") || parameters.has("channel_binding")) remark(draft, "pgx-version");
  return program(draft, parameters, values.ssl && !mayFallBack);
}

function program(draft: Draft, parameters: ReadonlyMap<string, string>, hasTls: boolean): string {
  const { values } = draft;
  const password = codePassword(draft);
  const settings: string[] = [];
  if (password.from === "text") settings.push(`config.Password = ${doubleQuoted(password.password)}`);
  if (password.from === "environment") settings.push('config.Password = os.Getenv("PGPASSWORD")');
  if (values.networkAddress !== "" && values.host !== "") {
    settings.push(
      "config.LookupFunc = func(context.Context, string) ([]string, error) {",
      `\treturn []string{${doubleQuoted(values.networkAddress)}}, nil`,
      "}",
    );
  }
  if (hasTls && values.minVersion !== "TLSv1.2") settings.push(version("MinVersion", values.minVersion));
  if (hasTls && values.maxVersion !== "TLSv1.3") settings.push(version("MaxVersion", values.maxVersion));
  const uses = (name: string) => settings.some((line) => line.includes(name));
  const imports = [
    '"context"',
    ...(uses("tls.") ? ['"crypto/tls"'] : []),
    '"log"',
    ...(uses("os.") ? ['"os"'] : []),
    "",
    '"github.com/jackc/pgx/v5"',
  ];
  return [
    "package main",
    "",
    "import (",
    ...imports.map((line) => (line === "" ? "" : `\t${line}`)),
    ")",
    "",
    "func main() {",
    `\tconfig, err := pgx.ParseConfig(${doubleQuoted(writeKeywords(parameters))})`,
    "\tif err != nil {",
    "\t\tlog.Fatal(err)",
    "\t}",
    ...settings.map((line) => `\t${line}`),
    "\tctx := context.Background()",
    "\tconnection, err := pgx.ConnectConfig(ctx, config)",
    "\tif err != nil {",
    "\t\tlog.Fatal(err)",
    "\t}",
    "\tdefer connection.Close(ctx)",
    "}",
  ].join("\n");
}

function version(name: string, value: TlsVersion): string {
  const goNames = ["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"];
  return `config.TLSConfig.${name} = tls.${goNames[tlsVersions.indexOf(value)]}`;
}
