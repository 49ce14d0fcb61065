import { clientLimits } from "./client-limits.ts";
import { textPassword } from "./code-secrets.ts";
import { clientFiles, rootsFile, typedPassphrase } from "./copy-files.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqParameters } from "./libpq-words.ts";
import { raisedMode } from "./raised-mode.ts";
import { tlsIntent } from "./tls-intent.ts";

/**
 * The URL for pgjdbc. A parameter that a release does not know is ignored there, so that remarks name the release
 * where an ignored one would cost safety. pgjdbc checks the chain from verify-ca on, never for require with a root
 * (LibPQFactory).
 */
export function writeJdbc(draft: Draft): string {
  const { values } = draft;
  const intent = tlsIntent(values);
  const said = libpqParameters(values);
  clientLimits(draft, intent, { can: ["channelBinding"] });
  const query: [string, string][] = [];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== "") query.push([name, value]);
  };
  add("user", said.get("user"));
  add("password", textPassword(draft));
  add("sslmode", raisedMode(draft, intent));
  if (intent.checks !== "none") {
    if (intent.roots === "system") {
      add("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
      remark(draft, "system-store-jvm");
    } else add("sslrootcert", rootsFile(draft, intent));
  }
  const client = clientFiles(draft);
  if (client !== undefined) {
    add("sslcert", client.cert);
    add("sslkey", "client.pk8");
    remark(draft, "key-for-jdbc", {
      command: "openssl pkcs8 -topk8 -outform DER -in client.key -out client.pk8 -v1 PBE-SHA1-3DES",
    });
    add("sslpassword", typedPassphrase(draft));
  }
  add("sslNegotiation", said.get("sslnegotiation"));
  if (said.has("sslnegotiation")) remark(draft, "jdbc-direct-version");
  add("channelBinding", said.get("channel_binding"));
  if (values.channelBinding === "require") remark(draft, "jdbc-channel-binding-version");
  add("loginTimeout", said.get("connect_timeout"));
  add("ApplicationName", said.get("application_name"));
  add("options", said.get("options"));
  const host = values.host || values.networkAddress;
  const authority = host.includes(":") ? `[${host}]` : encode(host);
  const port = values.port === "" ? "" : `:${values.port}`;
  const parameters = query.map(([name, value]) => `${name}=${encode(value)}`).join("&");
  return `jdbc:postgresql://${authority}${port}/${encode(values.database)}?${parameters}`;
}

function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD")).replaceAll("'", "%27");
}
