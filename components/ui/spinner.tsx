import { LoaderCircle } from "lucide-react";
import { classes } from "./classes.ts";

/** A turning ring; decoration only, so say in words near it what is under way. */
export function Spinner({ className }: { readonly className?: string }) {
  return <LoaderCircle aria-hidden className={classes("spin size-4 shrink-0", className)} />;
}
