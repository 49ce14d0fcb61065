import {
  channelBindings,
  environments,
  type FormChange,
  type FormValues,
  negotiations,
  secretFields,
  signIns,
  sslModes,
  tlsVersions,
  tokenCredentials,
  trustSources,
} from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { type EntriesPlace, isOver, withStorage } from "./entries-place.ts";

/** A field whose content may be kept in the browser. */
type KeptField = keyof FormChange;

/**
 * Keeps what differs from the saved values until this tab is closed: no secret, and nothing that a secret may stand
 * in.
 *
 * @param isDoubtful whether a field's content is refused, or a piece of something: it may be cut at the wrong place
 */
export function keepEntries(
  place: EntriesPlace,
  values: FormValues,
  saved: FormValues,
  isDoubtful: (field: KeptField) => boolean,
): void {
  if (isOver()) return;
  const changed = keptFields.filter(
    (field) => values[field] !== saved[field] && mayBeKept(field, values[field]) && !isDoubtful(field),
  );
  const entries = Object.fromEntries(changed.map((field) => [field, values[field]]));
  withStorage((storage) => {
    if (changed.length === 0) storage.removeItem(place);
    else storage.setItem(place, JSON.stringify(entries));
  });
}

/** What was kept there; undefined when there is nothing, or nothing that this form knows. */
export function readEntries(place: EntriesPlace): FormChange | undefined {
  const text = withStorage((storage) => storage.getItem(place));
  if (typeof text !== "string") return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const found = parsed as Record<string, unknown>;
  const known = keptFields.filter((field) => fits(field, found[field]));
  return known.length === 0 ? undefined : Object.fromEntries(known.map((field) => [field, found[field]]));
}

const keptFields = (Object.keys(newFormValues) as (keyof FormValues)[]).filter(
  (field): field is KeptField =>
    field !== "secretActs" && !(secretFields as readonly string[]).includes(field),
);

const boxes: readonly KeptField[] = ["ca", "clientCertificate", "crl"];

const choices: Partial<Record<KeptField, readonly string[]>> = {
  mode: sslModes.filter((mode) => mode !== "disable"),
  trust: trustSources,
  minVersion: tlsVersions,
  maxVersion: tlsVersions,
  negotiation: negotiations,
  channelBinding: channelBindings,
  environment: environments,
  signIn: signIns,
  tokenCredentials,
};

function fits(field: KeptField, value: unknown): boolean {
  if (typeof value !== typeof newFormValues[field]) return false;
  return choices[field]?.includes(value as string) ?? true;
}

/** A key in the wrong box, or a whole connection string in the host's, is a secret in a field that is none. */
function mayBeKept(field: KeptField, value: string | boolean): boolean {
  if (typeof value === "boolean" || value === "") return true;
  if (boxes.includes(field)) return value.replace(publicBlock, "").trim() === "";
  return !/:\/\/|:[^/\s]*@|pass|pwd|secret|[\r\n]/i.test(value);
}

const publicBlock = /-----BEGIN (CERTIFICATE|X509 CRL)-----[A-Za-z0-9+/=\s]*-----END \1-----/g;
