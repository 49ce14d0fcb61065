/** What the drawings share. Each is decoration: the words beside it say it. */
export const frame = {
  viewBox: "0 0 160 112",
  width: 160,
  height: 112,
  fill: "none",
  strokeWidth: 2,
  strokeLinecap: "round",
  strokeLinejoin: "round",
  className: "mx-auto",
} as const;
