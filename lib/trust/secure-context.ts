import "server-only";
import { constants, createHash } from "node:crypto";
import tls from "node:tls";

/** What goes into a TLS context. `ca` is held by identity: the same array is the same store. */
export interface ContextParts {
  readonly ca: readonly string[];
  readonly minVersion: tls.SecureVersion;
  readonly maxVersion: tls.SecureVersion;
  readonly cert?: string;
  readonly key?: string;
  readonly crl?: string;
}

interface Kept {
  readonly context: tls.SecureContext;
  timer?: NodeJS.Timeout;
}

/** A context with a client's key in it is forgotten a minute after its last use, as an idle client is. */
const keepKeysFor = 60_000;
/** Contexts for one store; a store has few: versions, client certificates, revocation lists. */
const keptAtMost = 32;

const shelves = new WeakMap<readonly string[], Map<string, Kept>>();

/**
 * A TLS context, made once for the same parts. Making one takes 0.2 ms for a single CA and 20 to 30 ms of
 * blocked event loop for a whole trust store on Node 20 (measured), which no connect should pay.
 * @throws what `tls.createSecureContext` throws for a key, certificate or revocation list it cannot use
 */
export function secureContext(parts: ContextParts): tls.SecureContext {
  const shelf = shelves.get(parts.ca) ?? new Map<string, Kept>();
  shelves.set(parts.ca, shelf);
  const label = labelOf(parts);
  const kept = shelf.get(label) ?? { context: makeContext(parts) };
  shelf.delete(label);
  shelf.set(label, kept);
  if (parts.key !== undefined) forgetLater(shelf, label, kept);
  const oldest = shelf.keys().next();
  if (shelf.size > keptAtMost && !oldest.done) shelf.delete(oldest.value);
  return kept.context;
}

/** By name: what else the caller's object holds is not for the context. */
function makeContext(parts: ContextParts): tls.SecureContext {
  const { ca, minVersion, maxVersion, cert, key, crl } = parts;
  return tls.createSecureContext({
    ca: [...ca],
    minVersion,
    maxVersion,
    // TLS 1.2 lets a server begin a new handshake at any time; PostgreSQL never does (its SSL_OP_NO_RENEGOTIATION).
    // `disableRenegotiation` of Node's sockets binds servers only.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(crl === undefined ? {} : { crl: eachList(crl) }),
  });
}

/** Node reads the first list of a text and leaves out the others, so each is given by itself. */
function eachList(text: string): string[] {
  return text.match(/-----BEGIN X509 CRL-----[\s\S]*?-----END X509 CRL-----/g) ?? [text];
}

/** A hash, so that no key lies about as the name of something. */
function labelOf(parts: ContextParts): string {
  const { minVersion, maxVersion, cert, key, crl } = parts;
  if (cert === undefined && key === undefined && crl === undefined) return `${minVersion} ${maxVersion}`;
  const text = JSON.stringify([minVersion, maxVersion, cert, key, crl]);
  return createHash("sha256").update(text).digest("hex");
}

function forgetLater(shelf: Map<string, Kept>, label: string, kept: Kept): void {
  clearTimeout(kept.timer);
  kept.timer = setTimeout(() => shelf.delete(label), keepKeysFor);
  kept.timer.unref();
}
