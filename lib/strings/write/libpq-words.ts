import type { FormValues } from "#lib/settings/form-values.ts";
import { tlsIntent } from "./tls-intent.ts";

/**
 * The libpq parameters that say what the form says, in the order they are written.
 * @param values   the form
 * @param password written when given and not empty
 */
export function libpqParameters(values: FormValues, password = ""): Map<string, string> {
  const parameters = new Map<string, string>();
  const add = (name: string, value: string, unless = "") => {
    // libpq ends a text at NUL; nothing behind it would arrive.
    const text = value.replaceAll("\0", "");
    if (text !== unless && text !== "") parameters.set(name, text);
  };
  add("host", values.host);
  add("hostaddr", values.networkAddress);
  add("port", values.port);
  add("dbname", values.database);
  add("user", values.user);
  add("password", password);
  const { mode, checks, roots } = tlsIntent(values);
  add("sslmode", mode);
  if (values.ssl) {
    if (roots === "system" && checks === "chain-and-name") add("sslrootcert", "system");
    add("sslnegotiation", values.negotiation, "postgres");
    add("ssl_min_protocol_version", values.minVersion, "TLSv1.2");
    add("ssl_max_protocol_version", values.maxVersion, "TLSv1.3");
    if (!values.sni) add("sslsni", "0");
  }
  add("channel_binding", values.channelBinding, "prefer");
  add("connect_timeout", values.connectTimeout, "10");
  add("application_name", values.applicationName);
  add("options", values.options);
  return parameters;
}
