import { CircleCheck, CircleSlash, CircleX, Clock3 } from "lucide-react";
import type { ComponentType } from "react";
import { Spinner } from "#components/ui/spinner.tsx";
import { SoftLink } from "../../soft-link.tsx";
import { fill } from "./fill.ts";
import type { ListTexts } from "./list-texts.ts";
import type { RowTest } from "./run-tests.ts";

interface Props {
  readonly test: RowTest;
  /** Why it failed, where the row says that already. */
  readonly told: string;
  readonly words: ListTexts["test"];
}

/** How the test of one connection stands, or ended. */
export function RowTestState({ test, told, words }: Props) {
  switch (test.state) {
    case "queued":
      return <Line icon={Clock3} text={words.queued} />;
    case "running":
      return <Line icon={Spinner} text={words.running} />;
    case "stopped":
      return <Line icon={CircleSlash} text={words.stopped} />;
    case "passed":
      return (
        <Line icon={CircleCheck} tone="text-success" text={fill(words.passed, { ms: Math.round(test.ms) })} />
      );
    case "failed":
      return (
        <span className="flex items-start gap-1.5 text-danger text-fact">
          <CircleX aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0 break-words">
            {test.title === told ? words.failedShort : fill(words.failed, { title: test.title })}{" "}
            {test.code !== undefined && (
              <SoftLink
                href={`/help/problems/${test.code}`}
                data-problem={test.code}
                className="whitespace-nowrap underline"
              >
                {words.help}
              </SoftLink>
            )}
          </span>
        </span>
      );
  }
}

interface LineProps {
  readonly icon: ComponentType<{ readonly className?: string; readonly "aria-hidden"?: boolean }>;
  readonly text: string;
  readonly tone?: string;
}

function Line({ icon: Icon, text, tone = "text-muted" }: LineProps) {
  return (
    <span className={`flex items-center gap-1.5 text-fact ${tone}`}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {text}
    </span>
  );
}
