import * as z from "zod/mini";
import { materialBoxes } from "#lib/certificates/material-boxes.ts";
import { keyIsEncrypted, pemTextProblem } from "#lib/certificates/pem-kind.ts";
import type { FieldMessage } from "#lib/problems/field-messages.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { type GivenRoots, noGivenRoots, rootsKind } from "#lib/providers/roots-kind.ts";
import { sessionTraits } from "#lib/providers/session-traits.ts";
import { checksOfForm } from "#lib/settings/checks-of.ts";
import { eachSecret, fieldNames, fields, mostCharacters, type Rule } from "#lib/settings/fields.ts";
import {
  type FormValues,
  type SecretField,
  secretActs,
  secretFields,
  tlsVersions,
} from "#lib/settings/form-values.ts";
import { tokenMistakes } from "./token-checks.ts";

// The pages' policy forbids `eval`; without this zod tries it once and the browser reports the attempt.
z.config({ jitless: true });

/** Which secrets the saved connection holds; the browser knows only this of them. */
export type StoredSecrets = Readonly<Record<SecretField, boolean>>;

/**
 * The one schema of the connection form, for browser and server. Its messages are ids of `FieldMessage`, whose
 * words stand in `messages/<locale>/material.json` under `fields`. Texts come out trimmed; nothing else changes.
 * @param stored which secrets are kept on the server, so that an empty field can mean "keep"
 * @param given  the provider roots that people gave in Settings → Trust
 */
export function formSchemaWith(stored: StoredSecrets, given: GivenRoots = noGivenRoots) {
  return shape.check(z.superRefine((values, context) => crossChecks(values, stored, given, context)));
}

const shape = z.strictObject(
  Object.fromEntries(fieldNames.map((name) => [name, schemaOf(fields[name].takes)])),
  message("form-unreadable"),
) as unknown as z.ZodMiniType<FormValues, FormValues>;

/** For a connection that is not saved yet. */
export const formSchema = formSchemaWith(eachSecret(() => false));

/** What a connection may be called; empty for no name. */
export function connectionName(): z.ZodMiniType<string> {
  return schemaOf(fields.name.takes) as z.ZodMiniType<string>;
}

/** Whether the connection will have this secret after the save: typed now, or stored and kept. */
export function willHave(field: SecretField, values: FormValues, stored: StoredSecrets): boolean {
  const act = values.secretActs[field];
  if (act === "remove") return false;
  return values[field] !== "" || (stored[field] && act === "keep");
}

/** Keeps every message an id that has words. */
function message(id: FieldMessage): FieldMessage {
  return id;
}

function schemaOf(takes: (typeof fields)[keyof typeof fields]["takes"]) {
  switch (takes.kind) {
    case "text":
      return text(takes.rules);
    case "secret":
      return secret();
    case "pem":
      return z.string(message("form-unreadable")).check(z.maxLength(takes.most, message("pem-too-long")));
    case "switch":
      return z.boolean(message("form-unreadable"));
    case "choice":
      return z.enum<readonly string[]>(takes.of, message("choice-unknown"));
    case "secret-acts":
      return z.strictObject(
        eachSecret(() => z.enum(secretActs, message("form-unreadable"))),
        message("form-unreadable"),
      );
  }
}

function text(rules: readonly Rule[]) {
  return z.string(message("form-unreadable")).check(
    z.trim(),
    z.maxLength(mostCharacters.text, message("text-too-long")),
    z.refine((value) => !controlCharacter.test(value), message("text-control-character")),
    ...rules.map(([holds, reason]) => z.refine<string>(holds, message(reason))),
  );
}

/** Never trimmed: a password may begin or end with a space. */
function secret() {
  return z.string(message("form-unreadable")).check(
    z.maxLength(mostCharacters.secret, message("text-too-long")),
    z.refine((value) => !value.includes("\0"), message("text-control-character")),
  );
}

// A zero byte would end a field of the startup packet and begin the next parameter (protocol-message-formats).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f]/;

type Context = Parameters<Parameters<typeof z.superRefine<FormValues>>[0]>[1];

function crossChecks(values: FormValues, stored: StoredSecrets, given: GivenRoots, context: Context): void {
  const refuse = (field: keyof FormValues, id: FieldMessage) =>
    context.addIssue({ code: "custom", message: id, path: [field] });

  for (const box of materialBoxes) {
    const found = pemTextProblem(box, values[box]);
    if (found && !(values.secretActs.clientKey === "remove" && box === "clientKey"))
      refuse(box, messageOf(found));
  }
  for (const field of secretFields) {
    const replaced = values.secretActs[field] === "replace" && stored[field];
    if (replaced && values[field] === "") refuse(field, "secret-empty");
  }
  checkClientPair(values, stored, refuse);
  // Of two reasons on one field the first is shown: what the service never allows says more.
  checkProvider(values, refuse);
  for (const [field, id] of tokenMistakes(values, willHave("tokenSecret", values, stored))) refuse(field, id);
  if (values.ssl) checkWithSsl(values, given, refuse);
  else checkWithoutSsl(values, refuse);
}

type Refuse = (field: keyof FormValues, id: FieldMessage) => void;

function messageOf(found: { code: string; facts: Readonly<Record<string, unknown>> }): FieldMessage {
  return (found.code === "setting-invalid" ? found.facts.reason : found.code) as FieldMessage;
}

function checkClientPair(values: FormValues, stored: StoredSecrets, refuse: Refuse): void {
  const certificate = values.clientCertificate.trim() !== "";
  const key = willHave("clientKey", values, stored);
  if (certificate && !key) refuse("clientKey", "certificate-without-key");
  if (key && !certificate) refuse("clientCertificate", "key-without-certificate");
  if (values.signIn === "certificate" && !certificate && !key) {
    refuse("clientCertificate", "certificate-sign-in-needs-certificate");
  }
  // A newly typed key comes with its own passphrase; the stored one belongs to the stored key.
  if (values.secretActs.clientKey !== "remove" && keyIsEncrypted(values.clientKey)) {
    if (values.keyPassphrase === "") refuse("keyPassphrase", "key-passphrase-missing");
  }
}

/**
 * Some services answer no connection in plain text (D1); prefer and allow may end in one. Some know no server without
 * SNI, and end a session that begins with settings of its own.
 */
function checkProvider(values: FormValues, refuse: Refuse): void {
  const { needsSni, takesOptions } = sessionTraits(values.host);
  if (needsSni && values.ssl && !values.sni) refuse("sni", "provider-needs-sni");
  if (!takesOptions && values.options !== "") refuse("options", "provider-refuses-options");
  if (recogniseProvider(values.host)?.tlsRequired !== true) return;
  const { encryption } = checksOfForm(values);
  if (encryption === "none") refuse("ssl", "provider-needs-ssl");
  else if (encryption === "optional") refuse("mode", "provider-needs-require");
}

function checkWithoutSsl(values: FormValues, refuse: Refuse): void {
  if (values.allowSelfSigned) refuse("allowSelfSigned", "self-signed-needs-ssl");
  if (values.signIn === "certificate") refuse("signIn", "certificate-sign-in-needs-ssl");
  if (values.channelBinding === "require") refuse("channelBinding", "channel-binding-needs-ssl");
}

function checkWithSsl(values: FormValues, given: GivenRoots, refuse: Refuse): void {
  checkTrust(values, given, refuse);
  if (tlsVersions.indexOf(values.minVersion) > tlsVersions.indexOf(values.maxVersion)) {
    refuse("maxVersion", "tls-range-empty");
  }
  // libpq: weak sslmode "prefer" may not be used with sslnegotiation=direct.
  if (values.negotiation === "direct" && checksOfForm(values).encryption === "optional") {
    refuse("negotiation", "direct-needs-require");
  }
}

/** What a check needs to trust; where nothing is checked it does not matter. */
function checkTrust(values: FormValues, given: GivenRoots, refuse: Refuse): void {
  const { server } = checksOfForm(values);
  if (server === "none") return;
  if (values.trust === "own" && values.ca.trim() === "") refuse("ca", "trust-no-ca");
  const source = rootsOf(values, given);
  if (source === "none") refuse("trust", "trust-no-ca");
  // libpq refuses sslrootcert=system below verify-full: anyone can get some certificate from a public CA.
  if (server === "chain" && source === "public") refuse("trust", "trust-weak-mode");
}

/** Whose roots the chosen trust holds: those of public CAs, of one owner, or none that are known for this host. */
function rootsOf({ trust, host }: FormValues, given: GivenRoots): "public" | "private" | "none" {
  if (trust === "own") return "private";
  if (trust !== "provider") return "public";
  return rootsKind(recogniseProvider(host), host, given);
}
