"use client";

import { useTranslations } from "next-intl";
import { createContext, type RefObject, useContext } from "react";
import { useFormContext, useFormState } from "react-hook-form";
import type { CertificateFacts, KeyFacts } from "#lib/certificates/material.ts";
import { type MaterialBox, materialBoxes } from "#lib/certificates/material-boxes.ts";
import { fieldCodes } from "#lib/problems/field-codes.ts";
import type { FieldMessage } from "#lib/problems/field-messages.ts";
import type { Facts, Problem } from "#lib/problems/problem.ts";
import { fieldWords, type Translate } from "#lib/problems/words.ts";
import type { StoredSecrets } from "#lib/profiles/form-schema.ts";
import type { Provider } from "#lib/providers/list.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { DemoClientAction } from "./demo-client-action.ts";
import type { ImportAction } from "./import-answer.ts";
import { pemReader } from "./pem-reader.ts";

/** What the parts of the form share besides the values, which react-hook-form holds. */
export interface FormSetting {
  readonly stored: StoredSecrets;
  /** Which of them the person at the form gave; they may lead those on. */
  readonly yours: StoredSecrets;
  /** The saved connection as it stands; undefined while it is new. */
  readonly saved: FormValues | undefined;
  /** What is known of the stored material before anything is typed. */
  readonly storedFacts: {
    readonly ca: readonly CertificateFacts[];
    readonly clientCertificate: readonly CertificateFacts[];
    readonly clientKey?: KeyFacts;
  };
  /** Problems that the server found, by field; one is gone when its field changes. */
  readonly serverProblems: Readonly<Partial<Record<keyof FormValues, Problem>>>;
  /** A file that a pasted string named, by the box where its content belongs. */
  readonly prompts: Readonly<Partial<Record<MaterialBox, string>>>;
  readonly setPrompts: (prompts: Partial<Record<MaterialBox, string>>) => void;
  /** Set while a change of the string waits for its reader to be loaded; the acts wait for it. */
  readonly stringRead: RefObject<Promise<void> | undefined>;
  /** The fields that hold pieces of a string that is still being typed: of its password, too, perhaps. */
  readonly pieces: RefObject<Set<keyof FormValues>>;
  /** The host that came back from an earlier visit: its provider's defaults came with it, or were taken back. */
  readonly restoredHost: RefObject<string | undefined>;
  /** Saves several connections of one paste; undefined where the form is of a saved one. */
  readonly importAll: ImportAction | undefined;
  /** Gives the demo's client certificate; undefined for every console that is no demo's. */
  readonly demoClient: DemoClientAction | undefined;
  readonly advanced: boolean;
  /** Whom the host belongs to, as far as that is known. */
  readonly provider: Provider | undefined;
  /** The provider roots that people gave in Settings → Trust. */
  readonly givenRoots: GivenRoots;
}

const Setting = createContext<FormSetting | undefined>(undefined);
export const FormSettingProvider = Setting.Provider;

export function useFormSetting(): FormSetting {
  const setting = useContext(Setting);
  if (setting === undefined) throw new Error("a part of the connection form stands outside of it");
  return setting;
}

/** What is wrong with a field, in words and as a code, ready to spread onto a control; empty when nothing is. */
export function useTrouble(field: keyof FormValues): { readonly error?: string; readonly problem?: string } {
  const { control, getValues } = useFormContext<FormValues>();
  const { serverProblems } = useFormSetting();
  const { errors } = useFormState({ control, name: field });
  const say = useFieldWords();
  const found = errors[field];
  if (found === undefined || typeof found.message !== "string") return {};
  const fromServer = found.type === "server" ? serverProblems[field] : undefined;
  if (fromServer !== undefined) {
    return { error: say(messageOf(fromServer), fromServer.facts), problem: fromServer.code };
  }
  const told = mistakeOf(field, found.message as FieldMessage, getValues());
  return { error: say(told.message, told.facts), problem: told.code };
}

/** A field's mistake, ready to be said. */
export interface Mistake {
  readonly code: string;
  readonly message: FieldMessage;
  readonly facts: Facts;
}

/**
 * The mistake that a message of the schema stands for, with what the text of a box shows. It makes no `Problem`, so
 * that the whole catalogue need not be sent with the form.
 */
export function mistakeOf(field: keyof FormValues, message: FieldMessage, values: FormValues): Mistake {
  const code = fieldCodes.find((known) => known === message) ?? "setting-invalid";
  const facts = isBox(field) ? pemReader()?.pemTextProblem(field, values[field])?.facts : undefined;
  return { code, message, facts: facts ?? {} };
}

/** Says a field's mistake in words. */
export function useFieldWords(): (message: FieldMessage, facts?: Problem["facts"]) => string {
  const t = useTranslations();
  return (message, facts = {}) => {
    const known = t.has(`material.fields.${message}`) ? message : "form-unreadable";
    return fieldWords(known, t as unknown as Translate, facts);
  };
}

/**
 * The message of a problem that the server found, to be said by `useFieldWords`. Which there are is known by their words,
 * so that no list of them is sent with the form.
 */
export function messageOf({ code, facts }: Pick<Problem, "facts"> & { readonly code: string }): FieldMessage {
  return (code === "setting-invalid" ? (facts.reason ?? "form-unreadable") : code) as FieldMessage;
}

function isBox(field: keyof FormValues): field is MaterialBox {
  return materialBoxes.some((box) => box === field);
}
