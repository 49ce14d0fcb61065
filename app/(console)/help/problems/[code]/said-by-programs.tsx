import { getTranslations } from "next-intl/server";
import { phrases } from "#lib/help/phrases.ts";
import { type ProgramId, programs } from "#lib/help/programs.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { examples } from "#lib/problems/examples.ts";

/** How the same trouble looks elsewhere, a program a row. */
export async function SaidByPrograms({ code }: { readonly code: ProblemCode }) {
  const t = await getTranslations("help.problem");
  const said = phrases[code] ?? {};
  const ids = (Object.keys(programs) as ProgramId[]).filter((id) => said[id] !== undefined);
  const example = examples[code];
  if (ids.length === 0 && example === undefined) return null;
  return (
    <section>
      <h2 className="text-lg font-semibold">{t("looks")}</h2>
      {ids.length === 0 ? null : <p className="mb-2 text-[0.8125rem] text-muted">{t("looksLead")}</p>}
      <dl className="divide-y divide-line border-line border-y">
        {example === undefined ? null : <Row name={t("example")} texts={[example]} />}
        {ids.map((id) => (
          <Row key={id} name={programs[id]} texts={said[id] ?? []} />
        ))}
      </dl>
    </section>
  );
}

function Row({ name, texts }: { readonly name: string; readonly texts: readonly string[] }) {
  return (
    <div className="grid gap-x-6 gap-y-1 py-2.5 sm:grid-cols-[12rem_minmax(0,1fr)]">
      <dt className="text-[0.8125rem] text-muted">{name}</dt>
      <dd className="flex min-w-0 flex-col gap-1.5">
        {texts.map((text) => (
          <samp
            key={text}
            className="whitespace-pre-wrap text-[0.8125rem] leading-5 [overflow-wrap:anywhere]"
          >
            {text}
          </samp>
        ))}
      </dd>
    </div>
  );
}
