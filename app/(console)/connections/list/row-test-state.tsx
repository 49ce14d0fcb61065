import { CircleCheck, CircleSlash, CircleX, Clock3 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Spinner } from "#components/ui/spinner.tsx";
import { SoftLink } from "../../soft-link.tsx";
import type { RowTest } from "./run-tests.ts";

interface Props {
  readonly test: RowTest;
  /** Why it failed, where the row says that already. */
  readonly told: string;
}

/** How the test of one connection stands, or ended. */
export function RowTestState({ test, told }: Props) {
  const t = useTranslations("list.test");
  switch (test.state) {
    case "queued":
      return (
        <span className="flex items-center gap-1.5 text-fact text-muted">
          <Clock3 aria-hidden className="size-3.5 shrink-0" />
          {t("queued")}
        </span>
      );
    case "running":
      return (
        <span className="flex items-center gap-1.5 text-fact text-muted">
          <Spinner />
          {t("running")}
        </span>
      );
    case "stopped":
      return (
        <span className="flex items-center gap-1.5 text-fact text-muted">
          <CircleSlash aria-hidden className="size-3.5 shrink-0" />
          {t("stopped")}
        </span>
      );
    case "passed":
      return (
        <span className="flex items-center gap-1.5 text-fact text-success">
          <CircleCheck aria-hidden className="size-3.5 shrink-0" />
          {t("passed", { ms: Math.round(test.ms) })}
        </span>
      );
    case "failed":
      return (
        <span className="flex items-start gap-1.5 text-danger text-fact">
          <CircleX aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0 break-words">
            {test.title === told ? t("failedShort") : t("failed", { title: test.title })}{" "}
            {test.code !== undefined && (
              <SoftLink
                href={`/help/problems/${test.code}`}
                data-problem={test.code}
                className="whitespace-nowrap underline"
              >
                {t("help")}
              </SoftLink>
            )}
          </span>
        </span>
      );
  }
}
