import type { SslMode } from "#lib/settings/form-values.ts";
import { clientLimits } from "./client-limits.ts";
import { textPassword } from "./code-secrets.ts";
import { clientFiles, rootsFile, typedPassphrase } from "./copy-files.ts";
import type { Draft } from "./copy-form.ts";
import { libpqParameters } from "./libpq-words.ts";
import { raisedMode } from "./raised-mode.ts";
import { tlsIntent } from "./tls-intent.ts";

/**
 * The connection string for Npgsql 9 and later (.NET). Below VerifyCA it checks nothing (NpgsqlConnector, from
 * release 8 on); without a root certificate it trusts the operating system's store.
 */
export function writeNpgsql(draft: Draft): string {
  const { values } = draft;
  const intent = tlsIntent(values);
  const said = libpqParameters(values);
  clientLimits(draft, intent, { can: ["channelBinding"] });
  const parts: string[] = [];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== "") parts.push(`${name}=${quoted(value)}`);
  };
  add("Host", said.get("host") ?? values.networkAddress);
  add("Port", said.get("port"));
  add("Database", said.get("dbname"));
  add("Username", said.get("user"));
  add("Password", textPassword(draft));
  const mode = raisedMode(draft, intent);
  add("SSL Mode", modes[mode]);
  // Alone, Require checked the certificate before release 6 and was refused by 6 and 7.
  if (mode === "require") add("Trust Server Certificate", "true");
  if (intent.checks !== "none" && intent.roots !== "system") {
    add("Root Certificate", rootsFile(draft, intent));
  }
  const client = clientFiles(draft);
  if (client !== undefined) {
    add("SSL Certificate", client.cert);
    add("SSL Key", client.key);
    add("SSL Password", typedPassphrase(draft));
  }
  if (said.has("sslnegotiation")) add("SSL Negotiation", "Direct");
  const binding = said.get("channel_binding");
  if (binding !== undefined) add("Channel Binding", binding === "require" ? "Require" : "Disable");
  add("Timeout", said.get("connect_timeout"));
  add("Application Name", said.get("application_name"));
  add("Options", said.get("options"));
  return parts.join(";");
}

const modes: Readonly<Record<SslMode, string>> = {
  disable: "Disable",
  allow: "Allow",
  prefer: "Prefer",
  require: "Require",
  "verify-ca": "VerifyCA",
  "verify-full": "VerifyFull",
};

/** ADO.NET's rule (DbConnectionStringBuilder): quotation marks round what needs them, doubled inside. */
function quoted(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}
