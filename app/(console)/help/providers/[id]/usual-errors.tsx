import { getTranslations } from "next-intl/server";
import { explain } from "#app/_server/answer.ts";
import { problem } from "#lib/problems/problem.ts";
import type { UsualError } from "#lib/providers/guide.ts";
import type { SourceId } from "#lib/providers/sources.ts";
import { SoftLink } from "../../../soft-link.tsx";
import { Said } from "./statement.tsx";

interface Props {
  readonly errors: readonly UsualError[];
  readonly numbers: ReadonlyMap<SourceId, number>;
}

/** What people read when it fails here, what it is, and the fix; each leads to its entry among the problems. */
export async function UsualErrors({ errors, numbers }: Props) {
  const t = await getTranslations("guides.page");
  const explained = await Promise.all(errors.map(({ code }) => explain(problem(code))));
  return (
    <ul className="flex flex-col gap-4">
      {errors.map(({ text, code, note }, index) => (
        <li key={text} data-error={code} className="flex max-w-[70ch] flex-col gap-1">
          <p>
            <span className="sr-only">{t("message")}: </span>
            <samp className="text-[0.8125rem] [overflow-wrap:anywhere]">{text}</samp>
          </p>
          <p className="font-medium">
            <SoftLink
              href={`/help/problems/${code}`}
              className="rounded-sm text-accent underline-offset-2 hover:underline"
            >
              {explained[index]?.title}
            </SoftLink>
          </p>
          {note === undefined ? (
            <p className="text-muted">{explained[index]?.fix}</p>
          ) : (
            <p className="text-muted">
              <Said statement={note} numbers={numbers} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
