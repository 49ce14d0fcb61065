import "server-only";
import { readEnvironment } from "#lib/env.ts";
import { processWide } from "#lib/process-wide.ts";

/** What the environment says of the address people use. */
export interface Site {
  /** The address people type; undefined when it is whatever loopback address they use. */
  readonly publicUrl: string | undefined;
  readonly insecureHttp: boolean;
  readonly trustedProxies: number;
}

/** This console's site. With settings that cannot be read only loopback is answered, to say so. */
export function site(): Site {
  const env = readEnvironment();
  return env.ok ? env.value : { publicUrl: undefined, insecureHttp: false, trustedProxies: 0 };
}

/**
 * Whether the console answers to this `Host`: a loopback name at any port, or the host of `CLOAK_DB_PUBLIC_URL`. Another
 * page's name that was made to point here (DNS rebinding) is neither. A public address in plain HTTP counts only
 * when that was allowed.
 */
export function hostAllowed(host: string | null, { publicUrl, insecureHttp }: Site): boolean {
  if (host === null) return false;
  if (isLoopbackHost(host)) return true;
  if (publicUrl === undefined) return false;
  const url = new URL(publicUrl);
  return url.host === host.toLowerCase() && (url.protocol === "https:" || insecureHttp);
}

/**
 * Whether a request that changes something comes from this console's own pages: its `Origin` is exactly the console's,
 * or there is none and the browser says `Sec-Fetch-Site: same-origin`. What Next itself checks is not enough: it lets
 * a request without `Origin` pass, and one whose origin equals a forwarded host that the client may have sent.
 */
export function originAllowed(headers: Headers, of: Site): boolean {
  const host = headers.get("host");
  if (!hostAllowed(host, of)) return false;
  const origin = headers.get("origin");
  if (origin === null) return headers.get("sec-fetch-site") === "same-origin";
  return (
    origin === (of.publicUrl === undefined ? `http://${host?.toLowerCase()}` : new URL(of.publicUrl).origin)
  );
}

/** Methods that by HTTP's own rules (RFC 9110, 9.2.1) change nothing. */
export function isSafeMethod(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/** How the session's cookie is called and whether it is for https only. */
export interface CookieForm {
  readonly name: string;
  readonly secure: boolean;
}

/**
 * Over https the `__Host-` prefix pins the cookie to this host. Over plain HTTP the name carries the port, since all
 * ports of a host share their cookies: two consoles on one machine must not sign each other out.
 */
export function sessionCookieForm(host: string | null, { publicUrl }: Site): CookieForm {
  if (publicUrl?.startsWith("https:")) return { name: "__Host-cloak_sid", secure: true };
  const port = /:(\d{1,5})$/.exec(host ?? "")?.[1] ?? "80";
  return { name: `cloak_sid_${port}`, secure: false };
}

/** The value of a cookie in a `Cookie` header, or undefined. */
export function cookieValue(header: string | null, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const [key, ...value] = part.split("=");
    if (key?.trim() === name) return value.join("=").trim();
  }
  return undefined;
}

/**
 * The caller's address: the entry of `X-Forwarded-For` that the outermost trusted proxy wrote, counted from the right.
 * What stands further left was sent by the caller. Without trusted proxies, or where they said nothing, it is the address
 * at the other end of the socket; undefined where nobody noted that (`next dev`).
 */
export function requestSource(headers: Headers, { trustedProxies }: Site): string | undefined {
  const entries = (headers.get("x-forwarded-for") ?? "").split(",").map((entry) => entry.trim());
  const told = trustedProxies < 1 ? undefined : entries.at(-trustedProxies);
  return (told || socketAddress(headers))?.slice(0, 64);
}

/**
 * A request as Next hands it on does not know its socket, and `X-Forwarded-For` holds whatever the client sent. So
 * `bin/start.js` writes the address into a header whose name nobody outside this process can know.
 */
function socketAddress(headers: Headers): string | undefined {
  const { name } = processWide<{ name?: string }>("socket-header", () => ({}));
  const address = name === undefined ? null : headers.get(name);
  return address?.replace(/^::ffff:(?=\d+\.)/i, "") || undefined;
}

/** Addresses as they are printed: `127.08.0.1` and `127.999.0.1` are none, and no URL can be made of them. */
const loopbackHost =
  /^(localhost|127(?:\.(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])){3}|\[::1\])(?::(\d{1,5}))?$/i;

function isLoopbackHost(host: string): boolean {
  const [, name, port = "80"] = loopbackHost.exec(host) ?? [];
  return name !== undefined && Number(port) <= 65_535;
}
