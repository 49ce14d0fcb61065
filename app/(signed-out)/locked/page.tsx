import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { explain } from "#app/_server/answer.ts";
import { lockedPage } from "#app/_server/guard.ts";
import { site } from "#app/_server/request-origin.ts";
import { LockedVaultDrawing } from "#components/drawings/locked-vault-drawing.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { Facts } from "#components/ui/facts.tsx";
import type { Problem } from "#lib/problems/problem.ts";
import { GoesOn } from "./goes-on.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("access.locked"))("title") };
}

/** Why the vault does not open and what to do about it. Nothing on this page writes. */
export default async function LockedPage() {
  const problem = await lockedPage();
  const t = await getTranslations("access.locked");
  const { title, cause, fix } = await explain(problem);
  // With an address for others, strangers read this page too: then paths of the host stay in its log.
  const isPrivate = site().publicUrl === undefined;
  return (
    <div role="alert" data-problem={problem.code} className="flex flex-col gap-4">
      <div>
        <LockedVaultDrawing className="mb-4" />
        <h1 className="font-semibold text-xl tracking-tight">{t("title")}</h1>
        <p className="mt-1 text-muted">{t("intro")}</p>
      </div>
      <section>
        <h2 className="font-semibold">{t("happened")}</h2>
        <p>{title}.</p>
        <p>{cause}</p>
      </section>
      <section className="flex flex-col gap-2">
        <div>
          <h2 className="font-semibold">{t("whatToDo")}</h2>
          <p>{fix}</p>
        </div>
        {isPrivate && <Command problem={problem} />}
        {isOfTheWay(problem) ? (
          <GoesOn words={t("goesOn")} />
        ) : (
          <p className="text-muted">{t("afterwards")}</p>
        )}
      </section>
      <section>
        <h2 className="mb-1 font-semibold">{t("details")}</h2>
        {isPrivate ? <Details problem={problem} /> : <p>{t("inTheLog")}</p>}
      </section>
      <a href="/locked" className={buttonClasses({ look: "primary" })}>
        {t("again")}
      </a>
    </div>
  );
}

/** Nobody at the console can do anything about it, and it passes. */
function isOfTheWay({ code }: Problem): boolean {
  return code === "store-away" || code === "store-busy";
}

async function Command({ problem }: { readonly problem: Problem }) {
  const { command } = problem.facts;
  if (typeof command !== "string") return null;
  const t = await getTranslations("access.locked");
  return (
    <div>
      <p>{t("command")}</p>
      <pre className="mt-1 whitespace-pre-wrap break-all rounded-md border border-line bg-sunken px-3 py-2">
        {command}
      </pre>
    </div>
  );
}

async function Details({ problem }: { readonly problem: Problem }) {
  const t = await getTranslations("access.locked");
  const known = factNames.flatMap((name) => {
    const value = problem.facts[name];
    if (value === undefined || value === null) return [];
    // Of a database it is no file.
    if (name === "path" && value === problem.facts.place) return [];
    const text = typeof value === "object" ? value.join(", ") : String(value);
    return [[t(`facts.${name}`), <code key={name}>{text}</code>] as const];
  });
  return <Facts rows={[[t("state"), <code key="state">{problem.code}</code>], ...known]} />;
}

const factNames = [
  ...([
    "place",
    "why",
    "sqlstate",
    "path",
    "reason",
    "part",
    "record",
    "error",
    "step",
    "version",
    "rev",
    "highestRev",
  ] as const),
  ...([
    "store",
    "knownStores",
    "traces",
    "backup",
    "backupRev",
    "backupSavedAt",
    "variables",
    "reasons",
  ] as const),
] as const;
