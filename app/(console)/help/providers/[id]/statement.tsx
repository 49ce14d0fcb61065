import { getTranslations } from "next-intl/server";
import { Badge } from "#components/ui/badge.tsx";
import type { Statement } from "#lib/providers/guide.ts";
import type { SourceId } from "#lib/providers/sources.ts";
import { codeTag } from "./code-tag.tsx";

interface Numbered {
  /** The sources of the page, by number. */
  readonly numbers: ReadonlyMap<SourceId, number>;
}

/** One statement, with the number of its source, and a mark where it rests on less than that. */
export async function Said({ statement, numbers }: Numbered & { readonly statement: Statement }) {
  const t = await getTranslations("guides");
  const { source, disputed } = statement;
  const number = source === undefined || source === "unconfirmed" ? undefined : numbers.get(source);
  return (
    <>
      {t.rich(`say.${statement.id}`, { ...codeTag, ...statement.values } as never)}
      {number === undefined ? null : (
        <a
          href={`#source-${number}`}
          aria-label={t("page.sourceMark", { number })}
          className="ml-0.5 rounded-sm px-0.5 align-super text-xs text-accent hover:underline"
        >
          {number}
        </a>
      )}
      {source === "unconfirmed" ? (
        <Badge wraps className="ml-1.5 align-middle">
          {t("page.unconfirmed")}
        </Badge>
      ) : null}
      {disputed ? (
        <Badge tone="warn" wraps className="ml-1.5 align-middle">
          {t("page.disputed")}
        </Badge>
      ) : null}
    </>
  );
}

/** Several statements, in an order or in none. */
export async function SaidList({
  statements,
  numbers,
  ordered = false,
}: Numbered & { readonly statements: readonly Statement[]; readonly ordered?: boolean }) {
  const List = ordered ? "ol" : "ul";
  return (
    <List
      className={`flex max-w-[70ch] flex-col gap-1.5 pl-5 marker:text-muted ${ordered ? "list-decimal" : "list-disc"}`}
    >
      {statements.map((statement) => (
        <li key={statement.id}>
          <Said statement={statement} numbers={numbers} />
        </li>
      ))}
    </List>
  );
}
