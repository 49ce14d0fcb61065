import { isSeen, visibly } from "#lib/visible-text.ts";
import {
  channelBindings,
  environments,
  type FormValues,
  negotiations,
  type SecretField,
  type SslMode,
  signIns,
  sslModes,
  tlsVersions,
  tokenCredentials,
  trustSources,
} from "./form-values.ts";
import { isIpAddress } from "./ip-address.ts";
import type { ShapeReason } from "./shape-reasons.ts";

export type FieldName = keyof FormValues;

/** All that has to be known of a field of the connection form. */
export interface Field<Name extends FieldName> {
  /** What the field takes; `formSchemaWith` makes its schema of it. Data, so that the schema can be loaded later. */
  readonly takes: Takes<FormValues[Name]>;
  /** With the connection, where people may read it; sealed in a box of its own and never shown again; or not at all. */
  readonly kept: Name extends SecretField ? "sealed" : Name extends "secretActs" ? "never" : "shown";
  /** What a change of it means for the secrets that were given before. */
  readonly change: Name extends SecretField ? "is-secret" : Change;
}

/**
 * What a change of a field means for the secrets of the connection that were given before it:
 * - `nothing`: they go to the same server as before, as safely as before
 * - `elsewhere`: they may reach another server, or let another user in
 * - `identity`: the cloud's credentials sign as somebody else, or for another place
 * - `checks`: how the server is checked; `checksOf` and the roots decide, over all fields that say so
 * - `falling`: what stands further down in the order protects more, so that a step up is a step back
 * - `allowing`: on is weaker than off
 */
export type Change =
  | "nothing"
  | "elsewhere"
  | "identity"
  | "checks"
  | "allowing"
  | { readonly falling: readonly string[] };

export type Takes<Value> = [Value] extends [boolean]
  ? { readonly kind: "switch" }
  : [Value] extends [string]
    ?
        | { readonly kind: "choice"; readonly of: readonly Value[] }
        | { readonly kind: "text"; readonly rules: readonly Rule[] }
        | { readonly kind: "secret" }
        | { readonly kind: "pem"; readonly most: number }
    : { readonly kind: "secret-acts" };

/** What a text must be, and the reason to give where it is not. The first that fails is told. */
export type Rule = readonly [holds: (text: string) => boolean, reason: ShapeReason];

/** Longest values, in characters. */
export const mostCharacters = { text: 1024, secret: 4096, pem: 65_536, ca: 524_288, crl: 524_288 } as const;

/**
 * The one table of the fields of a connection. The schema of the form, the lists of fields and the rule of which change
 * asks for a stored secret again are made of it; a field without an answer does not compile. What a new connection
 * begins with stands in `new-form-values.ts`: the form needs that much at once, and this table only to check it.
 */
export const fields = {
  name: {
    // Two connections must not look alike, and no name may turn round what stands beside it.
    takes: text([(name) => visibly(name) === name && (name === "" || isSeen(name)), "name-hidden-signs"]),
    kept: "shown",
    change: "nothing",
  },
  host: {
    takes: text(
      [(host) => host.length > 0, "host-required"],
      [(host) => !host.includes("://"), "host-is-a-string"],
      [(host) => host.includes("://") || !host.includes(","), "host-several"],
      [(host) => /:\/\/|,/.test(host) || isHost(host), "host-malformed"],
    ),
    kept: "shown",
    change: "elsewhere",
  },
  networkAddress: {
    takes: text([(address) => address === "" || isIpAddress(address), "address-not-ip"]),
    kept: "shown",
    change: "elsewhere",
  },
  port: {
    takes: text([(port) => isWholeNumber(port, 1, 65_535), "port-range"]),
    kept: "shown",
    change: "elsewhere",
  },
  database: { takes: text(), kept: "shown", change: "nothing" },
  user: {
    takes: text([(user) => user.length > 0, "user-required"]),
    kept: "shown",
    change: "elsewhere",
  },
  password: { takes: secret(), kept: "sealed", change: "is-secret" },
  ssl: { takes: toggle(), kept: "shown", change: "checks" },
  mode: {
    takes: choice(sslModes.filter(encrypts)),
    kept: "shown",
    change: "checks",
  },
  trust: { takes: choice(trustSources), kept: "shown", change: "checks" },
  ca: { takes: pem(mostCharacters.ca), kept: "shown", change: "checks" },
  clientCertificate: { takes: pem(mostCharacters.pem), kept: "shown", change: "nothing" },
  clientKey: { takes: pem(mostCharacters.pem), kept: "sealed", change: "is-secret" },
  keyPassphrase: { takes: secret(), kept: "sealed", change: "is-secret" },
  crl: { takes: pem(mostCharacters.crl), kept: "shown", change: "checks" },
  allowSelfSigned: { takes: toggle(), kept: "shown", change: "checks" },
  minVersion: {
    takes: choice(tlsVersions),
    kept: "shown",
    change: { falling: tlsVersions },
  },
  maxVersion: {
    takes: choice(tlsVersions),
    kept: "shown",
    change: { falling: tlsVersions },
  },
  negotiation: { takes: choice(negotiations), kept: "shown", change: "nothing" },
  channelBinding: {
    takes: choice(channelBindings),
    kept: "shown",
    change: { falling: channelBindings },
  },
  // A router chooses by it which server behind an address answers.
  sni: { takes: toggle(), kept: "shown", change: "elsewhere" },
  connectTimeout: {
    takes: text([(seconds) => isWholeNumber(seconds, 1, 600), "timeout-range"]),
    kept: "shown",
    change: "nothing",
  },
  applicationName: { takes: text(), kept: "shown", change: "nothing" },
  options: { takes: text(), kept: "shown", change: "nothing" },
  environment: { takes: choice(environments), kept: "shown", change: "nothing" },
  signIn: { takes: choice(signIns), kept: "shown", change: "identity" },
  tokenRegion: { takes: text(), kept: "shown", change: "identity" },
  tokenExpiry: {
    takes: text([(seconds) => isWholeNumber(seconds, 1, 604_800), "token-expiry-range"]),
    kept: "shown",
    change: "nothing",
  },
  tokenCredentials: {
    takes: choice(tokenCredentials),
    kept: "shown",
    change: "identity",
  },
  awsProfile: { takes: text(), kept: "shown", change: "identity" },
  awsRole: { takes: text(), kept: "shown", change: "identity" },
  awsAccessKeyId: { takes: text(), kept: "shown", change: "identity" },
  entraTenant: { takes: text(), kept: "shown", change: "identity" },
  entraClient: { takes: text(), kept: "shown", change: "identity" },
  tokenSecret: { takes: secret(), kept: "sealed", change: "is-secret" },
  // A password that the server asks for in clear text or as MD5 can be read by whoever poses as the server.
  allowWeakPassword: { takes: toggle(), kept: "shown", change: "allowing" },
  secretActs: {
    takes: { kind: "secret-acts" },
    kept: "never",
    change: "nothing",
  },
} as const satisfies { readonly [Name in FieldName]: Field<Name> };

/** Every field, in the order of the table. */
export const fieldNames = Object.keys(fields) as readonly FieldName[];

/** Whether a text names a field of the form. */
export function isFieldName(name: PropertyKey | undefined): name is FieldName {
  return name !== undefined && Object.hasOwn(fields, name);
}

/** One answer for each secret. */
export function eachSecret<Answer>(answer: (field: SecretField) => Answer): Record<SecretField, Answer> {
  const sealed = fieldNames.filter((name) => fields[name].kept === "sealed") as SecretField[];
  return Object.fromEntries(sealed.map((field) => [field, answer(field)])) as Record<SecretField, Answer>;
}

function text(...rules: readonly Rule[]) {
  return { kind: "text", rules } as const;
}

function secret() {
  return { kind: "secret" } as const;
}

function pem(most: number) {
  return { kind: "pem", most } as const;
}

function toggle() {
  return { kind: "switch" } as const;
}

function choice<Value extends string>(of: readonly Value[]) {
  return { kind: "choice", of } as const;
}

function encrypts(mode: SslMode): mode is FormValues["mode"] {
  return mode !== "disable";
}

/** A name or an address, not a path, a URL or a name with a port; IPv6 with or without brackets. */
function isHost(host: string): boolean {
  if (host === "" || isIpAddress(host.replace(/^\[(.*)\]$/, "$1"))) return true;
  return host.length <= 253 && !/[\s/\\@?#:[\]%<>"'`{}|^;=&]/.test(host);
}

function isWholeNumber(text: string, least: number, most: number): boolean {
  return /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most;
}
