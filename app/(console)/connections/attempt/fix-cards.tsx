"use client";

import { ShieldCheck, ShieldPlus, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import type { Explained } from "#app/_server/answer.ts";
import type { Fix } from "#lib/problems/problem.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import { DemoClientOffer, offersDemoClient } from "../form/demo-client-offer.tsx";
import { useFieldChanges } from "../form/field-changes.ts";
import { FixButton } from "../form/fix-button.tsx";
import { ClientGiving } from "./client-giving.tsx";
import { type Cost, givenUp } from "./given-up.ts";
import { GivingBox, givingOf, wantsClient } from "./giving-box.tsx";
import type { OutcomePlace } from "./outcome-place.ts";

interface Props {
  readonly explained: Explained;
  readonly place: OutcomePlace;
}

/** What can be done here and now, side by side, the least weakening first: a card a fix. */
export function FixCards({ explained: { problem, fixes }, place }: Props) {
  const t = useTranslations("outcome");
  const id = useId();
  const cards = problem.fixes.flatMap((fix, index) =>
    isCard(fix) ? [{ fix, title: fixes[index]?.title ?? fix.id }] : [],
  );
  const hasDemo = offersDemoClient(problem.code, place.demoClient);
  if (cards.length === 0 && !hasDemo) return null;
  return (
    <section aria-labelledby={id} className="min-w-0 lg:col-span-2 lg:row-start-2">
      <h3 id={id} className="mb-2 text-sm font-semibold">
        {t("fixes")}
      </h3>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-3">
        {hasDemo && (
          <Frame>
            <DemoClientOffer demoClient={place.demoClient} onApply={place.onApply} />
          </Frame>
        )}
        {cards.map(({ fix, title }, index) => (
          <Frame key={fix.id}>
            <FixCard fix={fix} title={title} first={index === 0 && !hasDemo} place={place} />
          </Frame>
        ))}
      </ul>
    </section>
  );
}

/** Whether something can be pressed or given for it here; the rest is advice, and stands beside the cause. */
export function isCard(fix: Fix): boolean {
  return fix.change !== undefined || givingOf(fix.id) !== undefined || wantsClient(fix.id);
}

function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-md border border-line bg-surface p-3 text-[0.8125rem] wrap-anywhere has-focus-visible:border-control">
      {children}
    </li>
  );
}

interface CardProps {
  readonly fix: Fix;
  readonly title: string;
  readonly first: boolean;
  readonly place: OutcomePlace;
}

function FixCard({ fix, title, first, place }: CardProps) {
  const id = useId();
  const giving = givingOf(fix.id);
  const values = place.values();
  // What will be given is not there yet: that something is, is all that the cost depends on.
  const change: FormChange = fix.change ?? giving?.change(something, values) ?? {};
  const known = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== something));
  return (
    <>
      <h4 id={id} className="text-sm font-semibold">
        {title}
      </h4>
      <CostLine cost={givenUp(change, values)} />
      <Changes change={known} fix={fix} place={place} />
      {place.onApply !== undefined &&
        (wantsClient(fix.id) ? (
          <ClientGiving title={title} titleId={id} first={first} onApply={place.onApply} />
        ) : fix.change === undefined && giving !== undefined ? (
          <GivingBox
            giving={giving}
            title={title}
            titleId={id}
            first={first}
            values={place.values}
            onApply={place.onApply}
          />
        ) : (
          <FixButton title={title} change={change} first={first} place={place} onApply={place.onApply} />
        ))}
    </>
  );
}

/** Stands for what a person has not given yet. */
const something = "\u2026";

/** What a fix gives up, in words and by a sign. */
export function CostLine({ cost: { losses, gains } }: { readonly cost: Cost }) {
  const t = useTranslations("outcome");
  if (losses.length > 0) {
    return (
      <p className="flex items-start gap-1.5 text-warn">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span>{t("weaker", { what: losses.map((loss) => t(`givesUp.${loss}`)).join("; ") })}</span>
      </p>
    );
  }
  const Icon = gains ? ShieldPlus : ShieldCheck;
  return (
    <p className="flex items-start gap-1.5 text-success">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{t(gains ? "more" : "keeps")}</span>
    </p>
  );
}

/** Old and new value of each field that a change touches, and the fingerprints to compare. */
function Changes({
  change,
  fix,
  place,
}: {
  readonly change: FormChange;
  readonly fix: Fix;
  readonly place: OutcomePlace;
}) {
  const t = useTranslations("form.result");
  const { changes } = useFieldChanges();
  return (
    <dl className="flex flex-col gap-1.5">
      {changes(change, place.values()).map(({ field, label, from, to }) => (
        <Pair key={field} term={label}>
          <span className="text-muted line-through">{from}</span> → <span className="font-medium">{to}</span>
        </Pair>
      ))}
      {typeof fix.facts?.replaces === "string" && <Print term={t("pin.old")}>{fix.facts.replaces}</Print>}
      {typeof fix.facts?.sha256 === "string" && <Print term={t("fingerprint")}>{fix.facts.sha256}</Print>}
    </dl>
  );
}

function Pair({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-muted">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Print({ term, children }: { readonly term: string; readonly children: string }) {
  return (
    <Pair term={term}>
      <span className="font-mono break-all">{children}</span>
    </Pair>
  );
}
