import { classes } from "./classes.ts";

const colours = {
  production: "bg-production",
  staging: "bg-staging",
  development: "bg-development",
} as const;

interface Props {
  readonly environment: "production" | "staging" | "development" | "none";
  /** The environment's name; the colour alone says nothing to those who do not see it. */
  readonly label: string;
  readonly className?: string;
}

/** The environment as a coloured dot with its name; nothing for `none`. */
export function EnvironmentMark({ environment, label, className }: Props) {
  if (environment === "none") return null;
  return (
    <span
      className={classes(
        "inline-flex items-center gap-1.5 max-w-full text-xs sm:whitespace-nowrap",
        className,
      )}
    >
      <span aria-hidden className={classes("size-2 shrink-0 rounded-full", colours[environment])} />
      {label}
    </span>
  );
}
