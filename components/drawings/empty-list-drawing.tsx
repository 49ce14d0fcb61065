import { markShape } from "../ui/mark-shape.ts";
import { frame } from "./drawing-frame.ts";

/** Nothing is connected yet: the cloak, a line, and the server that is still to come. */
export function EmptyListDrawing() {
  return (
    <svg aria-hidden="true" {...frame}>
      <ellipse cx="80" cy="100" rx="70" ry="6" className="fill-sunken" />
      <g transform="translate(14 40) scale(1.85)">
        <path d={markShape.cloak} className="fill-cloak" />
        <path d={markShape.shade} className="fill-cloak-fold" />
        <path d={markShape.keyhole} className="fill-brass" />
      </g>
      <path d="M74 70h24" strokeDasharray="1 6" className="stroke-accent" />
      <g className="fill-surface stroke-control" strokeDasharray="5 5">
        <path d="M104 50v40c0 5 9.4 9 21 9s21-4 21-9V50" />
        <ellipse cx="125" cy="50" rx="21" ry="9" />
      </g>
      <path d="M125 68v16M117 76h16" className="stroke-accent" />
      <path d="M84 22v8M80 26h8M142 24v6M139 27h6M56 20v6M53 23h6" className="stroke-line" />
    </svg>
  );
}
