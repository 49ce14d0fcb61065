import { getTranslations } from "next-intl/server";
import type { RecommendedSetting } from "#lib/providers/guide.ts";
import type { SourceId } from "#lib/providers/sources.ts";
import { Said } from "./statement.tsx";

interface Props {
  readonly settings: readonly RecommendedSetting[];
  readonly numbers: ReadonlyMap<SourceId, number>;
}

/** What to set and why, in the form's own words. */
export async function SettingTable({ settings, numbers }: Props) {
  const t = await getTranslations("guides.page");
  const form = await getTranslations("form");
  return (
    <table className="block w-full text-left sm:table">
      <thead className="hidden text-[0.8125rem] text-muted sm:table-header-group">
        <tr>
          {(["setting", "value", "why"] as const).map((column) => (
            <th key={column} scope="col" className="pr-6 pb-1 font-medium">
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block sm:table-row-group">
        {settings.map((setting) => (
          <tr key={setting.field} className="block border-line border-t py-2 align-top sm:table-row sm:py-0">
            <th scope="row" className="block pr-6 font-medium sm:table-cell sm:w-44 sm:py-2">
              {form(`labels.${setting.field}`)}
            </th>
            <td className="block pr-6 [overflow-wrap:anywhere] sm:table-cell sm:w-44 sm:py-2">
              {valueWords(setting, form, t)}
            </td>
            <td className="block text-muted sm:table-cell sm:py-2">
              <Said statement={setting.why} numbers={numbers} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A choice by its label on the form; anything else as it is typed. */
function valueWords(
  { field, value }: RecommendedSetting,
  form: Awaited<ReturnType<typeof getTranslations<"form">>>,
  t: Awaited<ReturnType<typeof getTranslations<"guides.page">>>,
) {
  switch (field) {
    case "mode":
      return form(`modes.${value}.title` as "modes.verify-full.title");
    case "trust":
      return form(`trusts.${value}.title` as "trusts.own.title");
    case "negotiation":
      return form(`choices.negotiation.${value}` as "choices.negotiation.direct");
    case "channelBinding":
      return form(`choices.channelBinding.${value}` as "choices.channelBinding.require");
    case "signIn":
      return form(`choices.signIn.${value}` as "choices.signIn.password");
    case "sni":
      return t("on");
    default:
      return value === "own" ? t("ownPort") : <code>{value}</code>;
  }
}
