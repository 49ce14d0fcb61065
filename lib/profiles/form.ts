import "server-only";
import { leafFirst, type OpenedKey } from "#lib/certificates/client-key.ts";
import { type MaterialBox, normalisePem, pemTextProblem, samePem } from "#lib/certificates/pem-kind.ts";
import { readMaterial } from "#lib/certificates/read-material.ts";
import { KeyOpener, plainPemOf } from "#lib/certificates/unlock-key.ts";
import { type FieldMessage, type FieldProblems, fieldMessages } from "#lib/problems/field-messages.ts";
import { fieldProblem } from "#lib/problems/field-problem.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type GivenRoots, noGivenRoots } from "#lib/providers/roots-kind.ts";
import { Secret } from "#lib/secret.ts";
import { fields, isFieldName } from "#lib/settings/fields.ts";
import { type FormValues, isTokenSignIn, type SecretField } from "#lib/settings/form-values.ts";
import { formSchemaWith } from "./form-schema.ts";
import type { LeadAnswer } from "./may-lead.ts";
import type { ConnectionProfile, ProfileDraft, ProfileSecrets, TlsSettings } from "./profile.ts";
import { secretsAtRisk } from "./secrets-at-risk.ts";
import { secretsOf } from "./secrets-of.ts";
import { storedSecrets } from "./stored-secrets.ts";

export type { FieldProblems };

/**
 * Turns what a form sent into a profile that can be tried or saved. From here on nothing is a raw text: secrets
 * are `Secret`s, the port is a number, certificates and keys were opened.
 * @param input    whatever arrived; nothing about it is taken for granted
 * @param previous the saved connection that is being edited: an empty secret with the act `keep` keeps its secret
 * @param now      the moment that a client certificate's dates are measured against
 * @param given    the provider roots that people gave in Settings → Trust
 * @param mayLead  whether whoever sends the form may lead a stored secret on; left out, nobody may
 * @param keys     opens an encrypted key, on the budget of the whole request where it parses several forms
 * On failure: every mistake at once, one a field. A stored secret is asked for again when it would go to another
 * server, as another user, or over a weaker connection than before (`secret-again`), unless its giver leads it on, who
 * may be asked to confirm who they are (`secret-confirm`).
 */
export async function parseProfileForm(
  input: unknown,
  previous?: ConnectionProfile,
  now: Date = new Date(),
  given: GivenRoots = noGivenRoots,
  mayLead: (field: SecretField) => LeadAnswer = () => "give",
  keys: KeyOpener = new KeyOpener(),
): Promise<Result<ProfileDraft, FieldProblems>> {
  const stored = storedSecrets(previous);
  const parsed = formSchemaWith(stored, given).safeParse(input);
  const problems = parsed.success ? { fields: {} } : fieldProblemsOf(parsed.error.issues, input);
  if (!parsed.success && !isFormShaped(problems)) return failed(problems);
  const values = parsed.success ? parsed.data : (input as FormValues);
  const kept = previous?.secrets ?? {};
  const secrets = secretsOf(values, kept);
  const opened = await openedOf(secrets, values, kept, keys);
  const draft = draftOf(values, previous, secrets, opened);
  const found = {
    ...secretProblems(draft, previous, mayLead),
    ...materialProblems(draft, opened, previous, now),
    ...problems.fields,
  };
  return Object.keys(found).length === 0 ? ok(draft) : failed({ fields: found });
}

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

function fieldProblemsOf(issues: readonly Issue[], input: unknown): FieldProblems {
  const fields: Partial<Record<keyof FormValues, Problem>> = {};
  let form: Problem | undefined;
  for (const issue of issues) {
    const message = fieldMessages.find((known) => known === issue.message) ?? "form-unreadable";
    const field = issue.path[0];
    if (!isFieldName(field) || message === "form-unreadable") form ??= fieldProblem("form-unreadable");
    if (isFieldName(field)) fields[field] ??= fieldProblem(message, factsOf(field, message, input));
  }
  return form === undefined ? { fields } : { fields, form };
}

/** What a mistake in a box is made of: which block, what it is, where it belongs. */
function factsOf(field: keyof FormValues, message: FieldMessage, input: unknown) {
  const value = (input as Partial<Record<keyof FormValues, unknown>>)[field];
  if (!isBox(field) || typeof value !== "string" || message === "pem-too-long") return {};
  return pemTextProblem(field, value)?.facts ?? {};
}

function isBox(field: keyof FormValues): field is MaterialBox {
  return fields[field].takes.kind === "pem";
}

/** Whether every field is of its kind, so that the rest can be looked at together with what the schema found. */
function isFormShaped(problems: FieldProblems): boolean {
  const tooLong = ["choice-unknown", "pem-too-long", "text-too-long"];
  const reasons = Object.values(problems.fields).map((found) => String(found.facts.reason));
  return problems.form === undefined && !reasons.some((reason) => tooLong.includes(reason));
}

/**
 * The key as its passphrase opens it; as it is kept where neither is new, for which nothing has to be worked. A
 * passphrase is dropped with a key that needs none; one that was typed for a broken key is still no mistake.
 */
async function openedOf(
  { clientKey, keyPassphrase }: ProfileSecrets,
  values: FormValues,
  kept: ProfileSecrets,
  keys: KeyOpener,
): Promise<OpenedKey | undefined> {
  const isKept = clientKey === kept.clientKey && keyPassphrase === kept.keyPassphrase;
  if (isKept && kept.openedKey) return keys.openText(kept.openedKey, undefined);
  const typed = values.keyPassphrase === "" ? undefined : new Secret(values.keyPassphrase);
  return keys.openText(clientKey, keyPassphrase ?? typed);
}

/** The saved shape, every field by hand. */
function draftOf(
  values: FormValues,
  previous: ConnectionProfile | undefined,
  given: ProfileSecrets,
  opened: OpenedKey | undefined,
): ProfileDraft {
  const host = values.host.trim().replace(/^\[(.*)\]$/, "$1");
  const user = values.user.trim();
  const networkAddress = values.networkAddress.trim();
  const openedKey = given.clientKey && given.keyPassphrase && opened && plainPemOf(opened);
  const secrets = { ...given, ...(openedKey ? { openedKey } : {}) };
  return {
    name: values.name.trim() || host,
    environment: values.environment,
    host,
    ...(networkAddress === "" ? {} : { networkAddress }),
    port: Number(values.port),
    // As libpq does: without a database name, the user's.
    database: values.database.trim() || user,
    user,
    signIn: values.signIn,
    ...tokenOf(values),
    tls: tlsOf(values, opened),
    connectTimeoutMs: Number(values.connectTimeout) * 1000,
    applicationName: values.applicationName.trim(),
    options: values.options.trim(),
    allowWeakPassword: values.allowWeakPassword,
    secrets,
    ...(previous?.imported ? { imported: importNoteOf(previous.imported) } : {}),
  };
}

/** The note stays; the old string that could not be read has now been put right. */
function importNoteOf(note: NonNullable<ConnectionProfile["imported"]>) {
  return { legacyId: note.legacyId, differences: note.differences };
}

/** What belongs to another way to sign in, or to other credentials, is not kept. */
function tokenOf(values: FormValues): Pick<ProfileDraft, "token"> {
  if (!isTokenSignIn(values.signIn)) return {};
  const named = (name: string, value: string, when: boolean) =>
    when && value.trim() !== "" ? { [name]: value.trim() } : {};
  const isAws = values.signIn !== "entra-token";
  const { tokenCredentials: credentials } = values;
  return {
    token: {
      ...named("region", values.tokenRegion, isAws),
      expirySeconds: Number(values.tokenExpiry),
      credentials,
      ...named("awsProfile", values.awsProfile, isAws && credentials === "profile"),
      ...named("awsRole", values.awsRole, isAws && credentials === "role"),
      ...named("awsAccessKeyId", values.awsAccessKeyId, isAws && credentials === "keys"),
      ...named("entraTenant", values.entraTenant, !isAws && credentials === "keys"),
      ...named("entraClient", values.entraClient, !isAws),
    },
  };
}

function tlsOf(values: FormValues, opened: OpenedKey | undefined): TlsSettings {
  const ca = normalisePem(values.ca);
  const crl = normalisePem(values.crl);
  const clientCertificate = leafFirst(normalisePem(values.clientCertificate), opened?.key);
  return {
    mode: values.ssl ? values.mode : "disable",
    trust: values.trust,
    ...(ca.trim() === "" ? {} : { ca }),
    ...(clientCertificate.trim() === "" ? {} : { clientCertificate }),
    ...(crl.trim() === "" ? {} : { crl }),
    allowSelfSigned: values.allowSelfSigned,
    minVersion: values.minVersion,
    maxVersion: values.maxVersion,
    negotiation: values.negotiation,
    channelBinding: values.channelBinding,
    sni: values.sni,
  };
}

function secretProblems(
  draft: ProfileDraft,
  previous: ConnectionProfile | undefined,
  mayLead: (field: SecretField) => LeadAnswer,
): FieldProblems["fields"] {
  if (previous === undefined) return {};
  return Object.fromEntries(
    secretsAtRisk(draft, previous).flatMap((field) => {
      const answer = mayLead(field);
      if (answer === "lead") return [];
      return [[field, fieldProblem(answer === "confirm" ? "secret-confirm" : "secret-again")]];
    }),
  );
}

/** Opens what was given and what is kept, so that no connection is tried with material that cannot work. */
function materialProblems(
  draft: ProfileDraft,
  opened: OpenedKey | undefined,
  previous: ConnectionProfile | undefined,
  now: Date,
): FieldProblems["fields"] {
  const fields: Partial<Record<keyof FormValues, Problem>> = {};
  const { ca = "", clientCertificate = "", crl = "" } = draft.tls;
  const ofCa = readMaterial("ca", ca, { now }).problems[0];
  if (ofCa) fields.ca = ofCa;
  const ofCrl = readMaterial("crl", crl).problems[0];
  if (ofCrl) fields.crl = ofCrl;
  const ofCertificate = readMaterial("clientCertificate", clientCertificate, { now }).problems.find(
    (found) =>
      found.code !== "client-certificate-expired" ||
      !samePem(clientCertificate, previous?.tls.clientCertificate),
  );
  if (ofCertificate) fields.clientCertificate = ofCertificate;
  const { clientKey } = draft.secrets;
  const options = { opened, certificate: clientCertificate, now };
  const ofKey = clientKey && readMaterial("clientKey", clientKey, options).problems[0];
  if (ofKey) fields[ofKey.code.startsWith("key-passphrase-") ? "keyPassphrase" : "clientKey"] = ofKey;
  return fields;
}
