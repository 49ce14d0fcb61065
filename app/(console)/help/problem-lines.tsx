import { explainer } from "#app/_server/answer.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { problem } from "#lib/problems/problem.ts";
import { SoftLink } from "../soft-link.tsx";

interface Props {
  readonly lines: readonly {
    readonly code: ProblemCode;
    /** How another program says it. */
    readonly said?: string | undefined;
  }[];
  /** Whether each line is the anchor of its code. */
  readonly anchors?: boolean;
}

/** Problems in a line each: title, code, how another program says it, and the way to its page. */
export async function ProblemLines({ lines, anchors = false }: Props) {
  const explain = await explainer();
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      {lines.map(({ code, said }) => (
        <li
          key={code}
          id={anchors ? code : undefined}
          data-code={code}
          className="relative flex scroll-mt-16 flex-col gap-0.5 px-4 py-2.5 target:bg-accent-soft hover:bg-sunken"
        >
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <SoftLink
              href={`/help/problems/${code}`}
              className="rounded-sm font-medium underline-offset-2 after:absolute after:inset-0 hover:text-accent hover:underline"
            >
              {explain(problem(code)).title}
            </SoftLink>
            <code className="text-[0.8125rem] text-muted [overflow-wrap:anywhere]">{code}</code>
          </div>
          {said === undefined ? null : (
            <samp className="line-clamp-2 text-[0.8125rem] text-muted [overflow-wrap:anywhere]">{said}</samp>
          )}
        </li>
      ))}
    </ul>
  );
}
