import { Check, type LucideIcon, Minus, TriangleAlert } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { fourModes, modeRow, softModes } from "#lib/help/tls-modes.ts";
import type { SslMode } from "#lib/settings/form-values.ts";
import { HelpTabs } from "../help-tabs.tsx";
import { linkTo, Part, Points } from "../prose.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("help"))("tlsModes.title") };
}

/** The modes side by side: what each encrypts and proves, from the table that connections go by. */
export default async function TlsModesPage() {
  await pageActor("connections:read");
  const t = await getTranslations("help.tlsModes");
  return (
    <>
      <HelpTabs current="tlsModes" />
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-1 mb-5 max-w-[70ch] text-muted">{t("lead")}</p>
      <div className="flex flex-col gap-8">
        <ModeTable modes={fourModes} caption={t("table")} />
        <section className="flex flex-col gap-3">
          <h2 className="text-lg font-semibold">{t("others")}</h2>
          <p className="max-w-[70ch]">{t("othersLead")}</p>
          <ModeTable modes={softModes} caption={t("others")} />
        </section>
        <Part title={t("good")}>
          <Points>
            {(["order", "requireCa", "verifyCa", "selfSigned", "drivers"] as const).map((note) => (
              <li key={note}>{t.rich(`notes.${note}`, { pin: linkTo("/help/pinning") })}</li>
            ))}
          </Points>
        </Part>
      </div>
    </>
  );
}

const columns = ["encrypted", "chain", "name", "listener", "impostor"] as const;

async function ModeTable({
  modes,
  caption,
}: {
  readonly modes: readonly SslMode[];
  readonly caption: string;
}) {
  const t = await getTranslations("help.tlsModes");
  const form = await getTranslations("form");
  return (
    <table className="block w-full table-fixed text-left lg:table">
      <caption className="sr-only">{caption}</caption>
      <thead className="hidden lg:table-header-group">
        <tr>
          {(["mode", ...columns] as const).map((column) => (
            <th
              key={column}
              scope="col"
              className="pr-4 pb-2 align-bottom font-medium text-[0.8125rem] text-muted first:w-80"
            >
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block lg:table-row-group">
        {modes.map((mode) => {
          const row = modeRow(mode);
          return (
            <tr
              key={mode}
              className="block border-line border-t py-3 align-top last:border-b lg:table-row lg:py-0"
            >
              <th scope="row" className="block pr-6 font-medium lg:table-cell lg:py-3">
                {form(`modes.${mode}.title`)}
                <p className="font-normal text-[0.8125rem] text-muted">{form(`modes.${mode}.meaning`)}</p>
              </th>
              {columns.map((column) => (
                <td key={column} className="flex justify-between gap-4 py-1 lg:table-cell lg:py-3 lg:pr-4">
                  <span className="text-[0.8125rem] text-muted lg:hidden">{t(column)}</span>
                  <Mark state={row[column]} words={t(row[column])} />
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const marks: Readonly<Record<"yes" | "no" | "offered" | "sameCa", readonly [LucideIcon, string]>> = {
  yes: [Check, "text-success"],
  no: [Minus, "text-danger"],
  offered: [TriangleAlert, "text-warn"],
  sameCa: [TriangleAlert, "text-warn"],
};

function Mark({ state, words }: { readonly state: keyof typeof marks; readonly words: string }) {
  const [Icon, color] = marks[state];
  return (
    <span className={`inline-flex items-start gap-1.5 ${color}`}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      {words}
    </span>
  );
}
