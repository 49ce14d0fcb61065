import "server-only";
import { getTranslations } from "next-intl/server";
import { createTranslator } from "use-intl/core";
import type { Problem } from "#lib/problems/problem.ts";
import { problemWords, type Translate } from "#lib/problems/words.ts";
import type { Actor } from "#lib/team/access.ts";
import { loadMessages } from "#messages/load-messages.ts";
import { callerOf } from "./current-user.ts";
import { localeOf } from "./locale.ts";
import { headersInFront } from "./sent-headers.ts";
import { withoutPlaces } from "./without-places.ts";
import { workspace } from "./workspace.ts";

/** A problem with its words, so that the browser need not hold the whole catalogue in every language. */
export interface Explained {
  readonly problem: Problem;
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
  readonly fixes: readonly { readonly id: string; readonly title: string }[];
}

/** What an action answers: a value, or a problem in the reader's language. Actions never throw for what is expected. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly explained: Explained };

export function answer<T>(value: T): Answer<T> {
  return { ok: true, value };
}

export async function refuse(problem: Problem): Promise<Answer<never>> {
  return { ok: false, explained: await explain(problem) };
}

/** The words of a problem in the language of this request. */
export async function explain(problem: Problem): Promise<Explained> {
  return (await explainer())(problem);
}

/** As `explain`, for what goes on after the request's own work has ended: a stream knows no language by itself. */
export async function explainer(): Promise<(problem: Problem) => Explained> {
  const t = (await translator()) as unknown as Translate;
  return (problem) => ({
    problem: withoutPlaces(problem),
    ...problemWords(problem, (key, facts) => t(key, facts)),
  });
}

/** The framework's, for this request; in front of it there is none of it to ask. */
async function translator() {
  const sent = headersInFront();
  if (sent === undefined) return getTranslations();
  const caller = await callerOf(sent);
  return translatorFor(caller.ok ? caller.value.actor : undefined, sent);
}

async function translatorFor(actor: Pick<Actor, "id"> | undefined, sent: Headers) {
  const opened = actor === undefined ? undefined : await workspace();
  const chosen = actor && opened?.ok ? await opened.value.preferences.of(actor.id) : undefined;
  const locale = localeOf(chosen?.ok ? chosen.value.language : null, sent);
  return createTranslator({ locale, messages: await loadMessages(locale) });
}

/**
 * As `explainer`, where mostly nothing goes wrong: the language is looked up when there is a problem to tell, and the
 * request need not be there any more.
 * @param sent the headers of the request
 */
export function laterExplainer(actor: Actor, sent: Headers): (problem: Problem) => Promise<Explained> {
  // The request's own headers cannot be read once it has been answered.
  const kept = new Headers(
    ["cookie", "accept-language"].map((name): [string, string] => [name, sent.get(name) ?? ""]),
  );
  return async (problem) => {
    const t = await translatorFor(actor, kept);
    return { problem: withoutPlaces(problem), ...problemWords(problem, t as unknown as Translate) };
  };
}
