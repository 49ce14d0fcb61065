import type { Problem } from "#lib/problems/problem.ts";
import { Alert } from "./ui/alert.tsx";
import { Button } from "./ui/button.tsx";
import { Waiting } from "./waiting.tsx";

interface SaveLineProps {
  /** What the button says. */
  readonly label: string;
  readonly pending: boolean;
  /** Said while it is pending: what takes so long. */
  readonly waiting: string;
  /** Why it did not work, in words. */
  readonly failure: { readonly problem: Problem; readonly title: string; readonly fix: string } | undefined;
}

/** The foot of a small form: what went wrong, and the button. That it worked is said by a toast. */
export function SaveLine({ label, pending, waiting, failure }: SaveLineProps) {
  return (
    <>
      {failure === undefined ? null : (
        <Alert tone="danger" role="alert" problem={failure.problem.code} title={failure.title}>
          {failure.fix}
        </Alert>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" pending={pending}>
          {label}
        </Button>
        <Waiting words={pending ? waiting : ""} />
      </div>
    </>
  );
}
