import { getTranslations } from "next-intl/server";
import { CopyableCommand } from "#components/ui/copyable-command.tsx";
import type { Platform, PlatformGuide, PlatformStep } from "#lib/guides/platform-guide.ts";
import { hostFirst, trustSteps } from "#lib/guides/trust-steps.ts";
import type { ProviderGuide } from "#lib/providers/guide.ts";
import { codeTag } from "./code-tag.tsx";

interface Props {
  readonly guide: ProviderGuide;
  /** What this console runs on; undefined where no guide is written for it. */
  readonly host: Platform | undefined;
}

/** How trust gets to where it is needed (D4, D5): this host's own system first, the others folded behind it. */
export async function PlatformGuides({ guide, host }: Props) {
  const t = await getTranslations("guides");
  return guide.trust.map((trust) => {
    const { here, others } = hostFirst(trustSteps(trust, guide), host);
    return (
      <section key={trust.kind} aria-labelledby={`trust-${trust.kind}`} className="flex flex-col gap-3">
        <h3 id={`trust-${trust.kind}`} className="font-medium">
          {t(`trust.${trust.kind}`)}
        </h3>
        {here === undefined ? null : (
          <div data-platform={here.platform}>
            <h4 className="mb-2 text-[0.8125rem] text-muted">
              {t("page.thisHost")}: {t(`platforms.${here.platform}`)}
            </h4>
            <Steps guide={here} />
          </div>
        )}
        {others.map((other) => (
          <details
            key={other.platform}
            data-platform={other.platform}
            className="rounded-md border border-line px-3 py-2"
          >
            <summary className="rounded-sm font-medium">{t(`platforms.${other.platform}`)}</summary>
            <div className="mt-3">
              <Steps guide={other} />
            </div>
          </details>
        ))}
      </section>
    );
  });
}

async function Steps({ guide }: { readonly guide: PlatformGuide }) {
  return (
    <ol className="flex list-decimal flex-col gap-3 pl-5 marker:text-muted">
      {guide.steps.map((step) => (
        <Step key={step.id} step={step} />
      ))}
    </ol>
  );
}

async function Step({ step }: { readonly step: PlatformStep }) {
  const t = await getTranslations("guides");
  return (
    <li>
      <div className="flex min-w-0 flex-col gap-2">
        <p className="max-w-[70ch] [overflow-wrap:anywhere]">
          {t.rich(`steps.${step.id}`, { ...codeTag, ...step.values } as never)}
        </p>
        {step.commands.map(({ shell, text }) => (
          <CopyableCommand
            key={shell + text}
            command={text}
            shell={t(`shells.${shell}`)}
            copyLabel={t("page.copyCommand", { command: text.split("\n")[0] ?? "" })}
            copiedLabel={t("page.copied")}
            failedLabel={t("page.copyFailed")}
          />
        ))}
        {step.expect === undefined ? null : (
          <div className="text-[0.8125rem]">
            <p className="text-muted">{t("page.expect")}</p>
            {step.expect.map((line) => (
              <samp key={line} className="block [overflow-wrap:anywhere]">
                {line}
              </samp>
            ))}
          </div>
        )}
      </div>
    </li>
  );
}
