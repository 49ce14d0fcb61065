import { markShape } from "./mark-shape.ts";

interface Props {
  readonly className?: string;
  /** One looks through the keyhole, at a ground of `accent-soft`: for a mark that is drawn large. */
  readonly hollow?: boolean;
}

/** The mark of the console. Decoration: its name stands beside it. */
export function Mark({ className, hollow = false }: Props) {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className={className}>
      <path d={markShape.cloak} className="fill-cloak" />
      <path d={markShape.shade} className="fill-cloak-fold" />
      <path d={markShape.keyhole} className={hollow ? "fill-accent-soft" : "fill-brass"} />
    </svg>
  );
}
