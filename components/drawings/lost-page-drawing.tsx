import { markShape } from "../ui/mark-shape.ts";
import { frame } from "./drawing-frame.ts";

/** Nobody is here: the cloak hangs on its peg. */
export function LostPageDrawing() {
  return (
    <svg aria-hidden="true" {...frame}>
      <path d="M22 20h116" className="stroke-control" />
      <path d="M80 20v7M44 20v6q0 4 4 4M116 20v6q0 4-4 4" className="stroke-control" />
      <ellipse cx="80" cy="103" rx="46" ry="5" className="fill-sunken" />
      <g transform="translate(42.4 24) scale(2.35)">
        <path d={markShape.cloak} className="fill-cloak" />
        <path d={markShape.shade} className="fill-cloak-fold" />
        <path d={markShape.keyhole} className="fill-canvas" />
      </g>
      <path d="M24 62h8M28 58v8M132 52h8M136 48v8" className="stroke-line" />
    </svg>
  );
}
