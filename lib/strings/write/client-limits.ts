import { tlsVersions } from "#lib/settings/form-values.ts";
import { hasCrl } from "./copy-files.ts";
import { type Draft, remark } from "./copy-form.ts";
import type { TlsIntent } from "./tls-intent.ts";

export type Ability = "networkAddress" | "crl" | "tlsRange" | "withoutSni" | "channelBinding";

/** Remarks on what the connection does and a client that is not libpq cannot. */
export function clientLimits(
  draft: Draft,
  intent: TlsIntent,
  { can }: { readonly can: readonly Ability[] },
): void {
  const { values } = draft;
  const cannot = (ability: Ability) => !can.includes(ability);
  if (values.networkAddress !== "" && values.host !== "" && cannot("networkAddress")) {
    remark(draft, "no-network-address", { address: values.networkAddress });
  }
  if (!values.ssl) return;
  if (hasCrl(draft, intent) && cannot("crl")) remark(draft, "no-crl");
  const { minVersion, maxVersion } = values;
  // TLS 1.2 and up is what these clients do by themselves.
  const raised = tlsVersions.indexOf(minVersion) > tlsVersions.indexOf("TLSv1.2") || maxVersion !== "TLSv1.3";
  if (raised && cannot("tlsRange")) remark(draft, "no-tls-range", { min: minVersion, max: maxVersion });
  if (!values.sni && cannot("withoutSni")) remark(draft, "sni-always");
  if (values.channelBinding === "require" && cannot("channelBinding")) {
    remark(draft, "no-channel-binding-require");
  }
}
