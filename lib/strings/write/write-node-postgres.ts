import { isIpAddress } from "#lib/settings/ip-address.ts";
import { clientLimits } from "./client-limits.ts";
import { codePassword } from "./code-secrets.ts";
import { doubleQuoted } from "./code-text.ts";
import { clientFiles, crlFile, hasCrl, rootsFile, typedPassphrase } from "./copy-files.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqParameters } from "./libpq-words.ts";
import { type TlsIntent, tlsIntent } from "./tls-intent.ts";

/**
 * A client of node-postgres 8, its TLS options by hand: in a URL, 8 takes require and verify-ca for verify-full and
 * ignores half of libpq's parameters; 9 will take them as libpq does.
 */
export function writeNodePostgres(draft: Draft): string {
  const { values } = draft;
  const intent = tlsIntent(values);
  const said = libpqParameters(values);
  // The certificate is checked against `ssl.servername`, which the driver leaves alone where the host is an address.
  const dialled = values.networkAddress !== "" && values.host !== "" && !isIpAddress(values.host);
  clientLimits(draft, intent, {
    can: ["crl", "tlsRange", ...(dialled ? (["networkAddress"] as const) : [])],
  });
  remark(draft, "node-never-by-url");
  if (intent.mode === "prefer" || intent.mode === "allow") {
    remark(draft, "prefer-raised", {
      mode: intent.mode,
      written: intent.checks === "chain" ? "verify-ca" : "require",
    });
  }
  const tls = tlsLines(draft, intent, dialled ? values.host : undefined);
  const password = codePassword(draft);
  const lines: string[] = [];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== "") lines.push(`  ${name}: ${value},`);
  };
  const text = (name: string) => {
    const value = said.get(name);
    return value === undefined ? undefined : doubleQuoted(value);
  };
  add("host", dialled ? doubleQuoted(values.networkAddress) : (text("host") ?? text("hostaddr")));
  add("port", said.get("port"));
  add("database", text("dbname"));
  add("user", text("user"));
  if (password.from === "text") add("password", doubleQuoted(password.password));
  if (password.from === "environment") add("password", "process.env.PGPASSWORD");
  if (tls === undefined) add("ssl", "false");
  else lines.push("  ssl: {", ...tls.map((line) => `    ${line},`), "  },");
  if (said.has("sslnegotiation")) add("sslnegotiation", doubleQuoted("direct"));
  if (values.ssl) add("enableChannelBinding", values.channelBinding === "disable" ? "false" : "true");
  const seconds = said.get("connect_timeout");
  add("connectionTimeoutMillis", `${seconds ?? "10"}000`);
  add("application_name", text("application_name"));
  add("options", text("options"));
  const code = ["const client = new pg.Client({", ...lines, "});", "await client.connect();"];
  return [...imports(code.join("\n")), "", ...code].join("\n");
}

function imports(code: string): readonly string[] {
  const stores = ["getCACertificates", "rootCertificates"].filter((name) => code.includes(`ca: ${name}`));
  return [
    ...(code.includes("readFileSync(") ? ['import { readFileSync } from "node:fs";'] : []),
    ...(stores.length > 0 ? [`import { ${stores.join(", ")} } from "node:tls";`] : []),
    'import pg from "pg";',
  ];
}

function tlsLines(draft: Draft, intent: TlsIntent, servername: string | undefined): string[] | undefined {
  const { values, options } = draft;
  if (intent.mode === "disable") return undefined;
  // Always said: NODE_TLS_REJECT_UNAUTHORIZED=0 would switch it off otherwise.
  const lines = [`rejectUnauthorized: ${intent.checks !== "none"}`];
  if (servername !== undefined) lines.push(`servername: ${doubleQuoted(servername)}`);
  if (intent.checks !== "none") lines.push(...trustLines(draft, intent));
  if (intent.checks === "chain") lines.push("checkServerIdentity: () => undefined");
  if (intent.roots === "own" && options.pinned === true) {
    lines.push("allowPartialTrustChain: true");
    draft.remarks.delete("pinned-needs-partial-chain");
  }
  const client = clientFiles(draft);
  if (client !== undefined) {
    lines.push(`cert: ${file(client.cert)}`, `key: ${file(client.key)}`);
    const passphrase = typedPassphrase(draft);
    lines.push(
      `passphrase: ${passphrase === undefined ? "process.env.PGSSLPASSWORD" : doubleQuoted(passphrase)}`,
    );
    if (passphrase === undefined) remark(draft, "passphrase-from-environment");
  }
  if (values.minVersion !== "TLSv1.2") lines.push(`minVersion: ${doubleQuoted(values.minVersion)}`);
  if (values.maxVersion !== "TLSv1.3") lines.push(`maxVersion: ${doubleQuoted(values.maxVersion)}`);
  return lines;
}

function trustLines(draft: Draft, intent: TlsIntent): string[] {
  const lines: string[] = [];
  if (intent.roots === "system") {
    lines.push('ca: getCACertificates("system")');
    remark(draft, "system-store-node");
  } else if (intent.roots === "mozilla") lines.push("ca: rootCertificates");
  else lines.push(`ca: ${file(rootsFile(draft, intent))}`);
  if (hasCrl(draft, intent)) lines.push(`crl: ${file(crlFile(draft, intent) ?? "revoked.crl")}`);
  return lines;
}

function file(name: string): string {
  return `readFileSync(${doubleQuoted(name)}, "utf8")`;
}
