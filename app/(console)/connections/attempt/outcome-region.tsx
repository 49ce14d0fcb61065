import { useTranslations } from "next-intl";
import type { ReactNode, RefObject } from "react";
import { classes } from "#components/ui/classes.ts";

interface Props {
  readonly region: RefObject<HTMLDivElement | null>;
  /** Whether the steps stand beside it. */
  readonly withSteps: boolean;
  readonly children: ReactNode;
}

/**
 * How an attempt ended: a status region that is always there, so that screen readers tell when it fills. It lays what is
 * in it into the grid around it, so that a screen reader need not be told each step as a part of it.
 */
export function OutcomeRegion({ region, withSteps, children }: Props) {
  const t = useTranslations("form.result");
  return (
    <div
      ref={region}
      role="status"
      aria-label={t("label")}
      // What was pressed in it goes with its old content: focus stays with the new one.
      data-focus-home
      tabIndex={-1}
      className={classes(
        "flex min-w-0 flex-col gap-4 outline-none",
        withSteps &&
          "lg:col-span-2 lg:col-start-1 lg:row-span-2 lg:row-start-1 lg:grid lg:grid-cols-subgrid lg:grid-rows-subgrid",
      )}
    >
      {children}
    </div>
  );
}

/** Of what the region and the steps stand in: steps left, the cause right, what can be done under both. */
export const outcomeGrid =
  "lg:grid lg:grid-cols-[minmax(24rem,2fr)_minmax(0,3fr)] lg:grid-rows-[auto_auto] lg:gap-x-6";
