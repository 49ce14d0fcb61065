import "server-only";
import { createHmac, randomBytes } from "node:crypto";
import { processWide } from "#lib/process-wide.ts";
import { fieldNames } from "#lib/settings/fields.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { AttemptReport } from "#lib/wire/report.ts";

/** What was tried last, so that a form that is saved as it was tried need not be called untried. */
export interface TriedForms {
  /** @param of the saved connection that the form is of; undefined for a new one */
  note(userId: string, values: FormValues, of: string | undefined, report: AttemptReport): void;
  /** The report of this user's last test, if it was of this very form. */
  take(userId: string, values: FormValues, of: string | undefined): AttemptReport | undefined;
}

export function triedForms(): TriedForms {
  return processWide("tried-forms", newTriedForms);
}

/** Users that are remembered; each has one form, known by a digest alone. */
const mostUsers = 200;

/** Nothing of it leaves the process, and a restart forgets it. */
export function newTriedForms(): TriedForms {
  const key = randomBytes(32);
  const last = new Map<string, { readonly digest: string; readonly report: AttemptReport }>();

  /** What a connection is called has nothing to do with how it went. */
  function digestOf(values: FormValues, of: string | undefined): string {
    const tried = fieldNames
      .filter((name) => name !== "name" && name !== "environment")
      .map((name) => [name, values[name]]);
    return createHmac("sha256", key)
      .update(JSON.stringify([of ?? null, tried]))
      .digest("base64");
  }

  return {
    note(userId, values, of, report) {
      last.delete(userId);
      last.set(userId, { digest: digestOf(values, of), report });
      if (last.size > mostUsers) last.delete(last.keys().next().value ?? userId);
    },
    take(userId, values, of) {
      const found = last.get(userId);
      if (found === undefined || found.digest !== digestOf(values, of)) return undefined;
      last.delete(userId);
      return found.report;
    },
  };
}
