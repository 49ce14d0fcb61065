import type { ReactNode } from "react";
import type { Facts } from "#lib/problems/problem.ts";
import { CellText } from "./cell-text.tsx";
import { Alert } from "./ui/alert.tsx";

interface Props {
  readonly code: string;
  readonly facts: Facts;
  readonly words: {
    readonly title: string;
    readonly cause: string;
    readonly fix: string;
    /** Titles of the fixes, the least weakening first. */
    readonly fixes: readonly string[];
    /** Titles of what else is wrong. */
    readonly also?: readonly { readonly code: string; readonly title: string }[];
  };
  readonly labels: {
    readonly next: string;
    readonly also?: string;
    readonly evidence: string;
    readonly help: string;
  };
  /** What can be pressed. */
  readonly children?: ReactNode;
}

/** A problem: what happened, why, what to do, and what was seen. An alert that carries its code. */
export function ProblemCard({ code, facts, words, labels, children }: Props) {
  const seen = Object.entries(facts).filter(([, fact]) => fact !== null && fact !== "");
  const also = words.also ?? [];
  return (
    <Alert tone="danger" role="alert" problem={code} title={words.title}>
      <div className="mt-1 flex flex-col gap-2.5 text-[0.8125rem]">
        <p>{words.cause}</p>
        <div>
          <p className="font-medium text-muted text-xs">{labels.next}</p>
          <p>{words.fix}</p>
          {words.fixes.length > 0 && (
            <ul className="mt-1 list-disc pl-4">
              {words.fixes.map((fix) => (
                <li key={fix}>{fix}</li>
              ))}
            </ul>
          )}
        </div>
        {also.length > 0 && (
          <div>
            <p className="font-medium text-muted text-xs">{labels.also}</p>
            <ul className="list-disc pl-4">
              {also.map((other) => (
                <li key={other.code} data-also={other.code}>
                  {other.title}
                </li>
              ))}
            </ul>
          </div>
        )}
        {seen.length > 0 && (
          <details>
            <summary className="w-fit rounded-sm font-medium text-muted text-xs">{labels.evidence}</summary>
            <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs">
              {seen.map(([name, fact]) => (
                <div key={name} className="contents">
                  <dt className="text-muted">{name}</dt>
                  <dd className="break-words font-mono">
                    <CellText text={Array.isArray(fact) ? fact.join(", ") : String(fact)} />
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        )}
        {children}
        <a
          href={`/help/problems/${code}`}
          className="w-fit rounded-sm text-accent underline-offset-2 hover:underline"
        >
          {labels.help}
        </a>
      </div>
    </Alert>
  );
}
