import "server-only";
import { newDraft, type TlsSettings } from "#lib/profiles/profile.ts";
import { checksOf } from "#lib/settings/checks-of.ts";
import { type SslMode, sslModes } from "#lib/settings/form-values.ts";

/** What decided about TLS in a connection string of Cloak DB 0.3. */
export interface QueryOfVersion1 {
  readonly sslmode?: string;
  readonly ssl?: string;
  /** `sslrootcert`, `sslcert`, `sslkey` as `name=path`: files of the machine that the old program ran on. */
  readonly files: readonly string[];
  /** `host=` or `port=` after the question mark: it went there, whatever it showed. */
  readonly overridesHost: boolean;
}

export interface SslOfVersion1 {
  readonly allowSelfSigned: boolean;
  readonly ca: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly keyPassphrase: string | undefined;
}

/** Each with words in `messages/<locale>/import.json`. */
export const importDifferences = [
  "was-plaintext",
  "fallback-never-happened",
  "no-verify-was-verified",
  "require-checks-the-ca-now",
  "verify-ca-checked-the-name",
  "verify-ca-without-ca",
  "ip-was-checked-as-localhost",
  "mode-unknown-was-verified",
  "ssl-true-was-verified",
  "server-files-were-used",
  "host-was-overridden",
  "parameters-left-over",
  "string-unreadable",
  "entry-unreadable",
] as const;

export type ImportDifference = (typeof importDifferences)[number];

/**
 * The TLS settings that a connection of the old program was labelled with, and where it did something else on the
 * wire. What it did was measured with its own code (0.3.1 with pg 8.16.3) against real servers:
 * without `sslmode` it spoke in the clear, `require` checked nothing, and everything else checked chain and name.
 * Where its label has no meaning of its own (`no-verify`, a misspelt word, `ssl=true` shown as off), what it did is
 * taken over: a connection that was verified must not become plain by being imported.
 */
export function importedTls(
  query: QueryOfVersion1,
  ssl: SslOfVersion1,
  hostIsAddress: boolean,
): { readonly tls: TlsSettings; readonly differences: readonly ImportDifference[] } {
  const differences: ImportDifference[] = [];
  const { mode, allowSelfSigned } = labelled(query, ssl, differences);
  const hasCa = ssl.ca !== undefined;
  const { server } = checksOf(mode, hasCa ? "own" : "mozilla", hasCa, allowSelfSigned);

  if (mode === "require" && server === "chain" && query.sslmode === "require") {
    differences.push("require-checks-the-ca-now");
  }
  // verify-ca does not look at the name here, so only verify-full changes for an address.
  if (server === "chain-and-name" && hostIsAddress) differences.push("ip-was-checked-as-localhost");
  if (query.files.length > 0) differences.push("server-files-were-used");
  if (query.overridesHost) differences.push("host-was-overridden");

  return {
    tls: {
      ...newDraft().tls,
      mode,
      // Without a CA of its own the old program trusted Node's list, which is Mozilla's.
      trust: hasCa ? "own" : server === "none" ? "system" : "mozilla",
      ...(ssl.ca === undefined ? {} : { ca: ssl.ca }),
      ...(ssl.clientCertificate === undefined ? {} : { clientCertificate: ssl.clientCertificate }),
      allowSelfSigned,
    },
    differences,
  };
}

interface Label {
  readonly mode: SslMode;
  readonly allowSelfSigned: boolean;
}

function labelled(query: QueryOfVersion1, ssl: SslOfVersion1, differences: ImportDifference[]): Label {
  const { allowSelfSigned } = ssl;
  if (query.sslmode === undefined) return withoutMode(query, ssl, differences);
  const mode = sslModes.find((known) => known === query.sslmode);
  switch (mode) {
    case "disable":
      return { mode, allowSelfSigned: false };
    case "allow":
    case "prefer":
      differences.push("fallback-never-happened");
      return { mode, allowSelfSigned };
    case "require":
    case "verify-full":
      return { mode, allowSelfSigned };
    case "verify-ca":
      if (allowSelfSigned) return { mode, allowSelfSigned };
      if (ssl.ca === undefined) {
        // Anyone can get some certificate from a public CA, so libpq refuses this pair; the name was checked anyway.
        differences.push("verify-ca-without-ca");
        return { mode: "verify-full", allowSelfSigned };
      }
      differences.push("verify-ca-checked-the-name");
      return { mode, allowSelfSigned };
    case undefined:
      if (query.sslmode === "no-verify") {
        if (!allowSelfSigned) differences.push("no-verify-was-verified");
        return { mode: "require", allowSelfSigned: true };
      }
      differences.push("mode-unknown-was-verified");
      return { mode: "verify-full", allowSelfSigned };
  }
}

function withoutMode(query: QueryOfVersion1, ssl: SslOfVersion1, differences: ImportDifference[]): Label {
  if (query.files.length > 0) return { mode: "verify-full", allowSelfSigned: ssl.allowSelfSigned };
  if (query.ssl === "true" || query.ssl === "1") {
    differences.push("ssl-true-was-verified");
    return { mode: "verify-full", allowSelfSigned: ssl.allowSelfSigned };
  }
  const prepared = ssl.allowSelfSigned || (ssl.ca ?? ssl.clientCertificate ?? ssl.clientKey) !== undefined;
  if (prepared) differences.push("was-plaintext");
  return { mode: "disable", allowSelfSigned: false };
}
