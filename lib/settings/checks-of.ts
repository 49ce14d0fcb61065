import type { FormValues, SslMode, TrustSource } from "./form-values.ts";

/** What a connection's TLS settings come to, whoever carries them out. */
export interface Checks {
  /** Whether the bytes are encrypted: never, only where the server is willing (`prefer`, `allow`), or always. */
  readonly encryption: "none" | "optional" | "always";
  /** What is proved of the server's certificate before anything secret is sent over TLS. */
  readonly server: "none" | "chain" | "chain-and-name";
  /** Where the roots come from that prove it; `none` where nothing is proved. */
  readonly roots: "none" | TrustSource;
}

/**
 * What a TLS mode means, by libpq (https://www.postgresql.org/docs/18/libpq-ssl.html, table 32.1): the only place that
 * knows it. `require` with a CA of one's own is verify-ca; without one nothing is checked. `prefer` and `allow` check
 * as `require` does while they are encrypted, but may end in clear text. "Allow self-signed certificates" switches every
 * check off.
 *
 * Only a CA given by content makes `require` check, as libpq's `sslrootcert` file does: with the system's, Mozilla's or
 * the provider's roots chosen, `require` still means TLS without certificate checks.
 * @param hasCa whether the connection has CA certificates of its own
 */
export function checksOf(
  mode: SslMode,
  trust: TrustSource,
  hasCa: boolean,
  allowSelfSigned: boolean,
): Checks {
  if (mode === "disable") return { encryption: "none", server: "none", roots: "none" };
  const encryption = mode === "prefer" || mode === "allow" ? "optional" : "always";
  if (allowSelfSigned) return { encryption, server: "none", roots: "none" };
  if (mode === "verify-full") return { encryption, server: "chain-and-name", roots: trust };
  if (mode === "verify-ca") return { encryption, server: "chain", roots: trust };
  return trust === "own" && hasCa
    ? { encryption, server: "chain", roots: "own" }
    : { encryption, server: "none", roots: "none" };
}

/** The settings of a connection as they are kept. */
interface KeptTls {
  readonly mode: SslMode;
  readonly trust: TrustSource;
  readonly ca?: string | undefined;
  readonly allowSelfSigned: boolean;
}

/** The same of a connection's TLS settings; a CA of blanks alone is none. */
export function checksOfTls({ mode, trust, ca = "", allowSelfSigned }: KeptTls): Checks {
  return checksOf(mode, trust, ca.trim() !== "", allowSelfSigned);
}

/** The fields of the form that decide what is checked. */
export type CheckedFields = Pick<FormValues, "ssl" | "mode" | "trust" | "ca" | "allowSelfSigned">;

/** The same of a form, as it stands. */
export function checksOfForm({ ssl, mode, trust, ca, allowSelfSigned }: CheckedFields): Checks {
  return checksOf(ssl ? mode : "disable", trust, ca.trim() !== "", allowSelfSigned);
}

/** How far a server's identity was proved. */
export type Proof = "none" | "ca" | "pinned" | "full";

/**
 * What a handshake that passed these checks proves.
 * @param leafIsAnchor the server's certificate is itself among the roots: exactly this one was expected, which is the
 *   strongest proof of all
 */
export function proofOf({ server }: Checks, leafIsAnchor: boolean): Proof {
  if (server === "none") return "none";
  if (leafIsAnchor) return "pinned";
  return server === "chain-and-name" ? "full" : "ca";
}
