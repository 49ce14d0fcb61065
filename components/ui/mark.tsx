import { markShape } from "./mark-shape.ts";

/** The mark of the console. Decoration: its name stands beside it. */
export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className={className}>
      <path d={markShape.cloak} className="fill-cloak" />
      <path d={markShape.shade} className="fill-cloak-fold" />
      <path d={markShape.keyhole} className="fill-brass" />
    </svg>
  );
}
