import "server-only";
import type tls from "node:tls";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { checksOfTls } from "#lib/settings/checks-of.ts";
import type { AnchorSet } from "#lib/trust/anchor-set.ts";
import { checkServerName } from "./server-name.ts";

/** Everything that a TLS handshake with a server is given; plain, so that it can be looked at. */
export interface TlsOptions {
  /** Always explicit: `NODE_TLS_REJECT_UNAUTHORIZED=0` would switch it off otherwise. */
  readonly rejectUnauthorized: boolean;
  readonly ca: readonly string[];
  readonly minVersion: tls.SecureVersion;
  readonly maxVersion: tls.SecureVersion;
  readonly checkServerIdentity: (host: string, certificate: tls.PeerCertificate) => Error | undefined;
  /** Sent as SNI; left out, none is sent. */
  readonly servername?: string;
  readonly ALPNProtocols: string[];
  readonly cert?: string;
  /** Never encrypted: OpenSSL would open it on the thread that answers everybody. */
  readonly key?: string;
  readonly crl?: string;
}

/**
 * The options of one TLS handshake, by what its mode means (`checksOf`). Pure; a fresh object each time, since a driver
 * that is handed one changes it.
 * @param trust the anchors; null trusts nothing, which is of use only where nothing is verified
 * @returns false for `disable`
 */
export function tlsOptions(profile: ProfileDraft, trust: Pick<AnchorSet, "pems"> | null): TlsOptions | false {
  const settings = profile.tls;
  if (settings.mode === "disable") return false;
  const { server } = checksOfTls(settings);
  return {
    rejectUnauthorized: server !== "none",
    ca: trust?.pems ?? noAnchors,
    minVersion: settings.minVersion,
    maxVersion: settings.maxVersion,
    checkServerIdentity: server === "chain-and-name" ? identityCheck(profile.host) : () => undefined,
    ...(settings.sni && mayBeSni(profile.host) ? { servername: profile.host } : {}),
    // libpq 17 and later offers it in both ways of negotiation.
    ALPNProtocols: ["postgresql"],
    ...clientCertificate(profile),
    ...(hasText(settings.crl) ? { crl: settings.crl } : {}),
  };
}

/** The error that the host name check gives; Node gives it the same code. */
export const nameMismatchCode = "ERR_TLS_CERT_ALTNAME_INVALID";

/** `ca: []` trusts nothing, where `undefined` would be Node's own roots. */
const noAnchors: readonly string[] = Object.freeze([]);

function identityCheck(host: string): TlsOptions["checkServerIdentity"] {
  return (_host, certificate) => {
    const check = checkServerName(host, certificate);
    if (check.matches) return undefined;
    return Object.assign(new Error("the certificate is for another name"), { code: nameMismatchCode });
  };
}

/** RFC 6066 section 3 forbids addresses; libpq tells them by their letters (fe-secure-openssl.c). */
function mayBeSni(host: string): boolean {
  return host !== "" && !host.includes(":") && !/^[0-9.]+$/.test(host);
}

/** A key without its certificate is not sent: libpq does not look at it either. */
function clientCertificate(profile: ProfileDraft): Pick<TlsOptions, "cert" | "key"> {
  const cert = profile.tls.clientCertificate;
  const { clientKey, openedKey } = profile.secrets;
  if (!hasText(cert) || clientKey === undefined || clientKey.isEmpty) return {};
  return { cert, key: (openedKey ?? clientKey).reveal() };
}

function hasText(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}
