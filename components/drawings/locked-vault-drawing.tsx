import { frame } from "./drawing-frame.ts";

/** The vault's door, shut. */
export function LockedVaultDrawing({ className }: { readonly className?: string }) {
  return (
    <svg aria-hidden="true" {...frame} className={className ?? frame.className}>
      <ellipse cx="80" cy="103" rx="58" ry="5" className="fill-sunken" />
      <path d="M48 98v5M112 98v5" strokeWidth="6" className="stroke-cloak-fold" />
      <rect x="34" y="10" width="92" height="88" rx="9" className="fill-cloak" />
      <path d="M80 10h37a9 9 0 0 1 9 9v70a9 9 0 0 1-9 9H80z" className="fill-cloak-fold" />
      <rect x="43" y="19" width="74" height="70" rx="5" className="stroke-brass" strokeWidth="1.5" />
      <circle cx="80" cy="54" r="22" className="stroke-brass" strokeWidth="2.5" />
      <path d="M80 26v6M80 76v6M52 54h6M102 54h6" className="stroke-brass" strokeWidth="3" />
      <path
        d="M80 44a6 6 0 0 0-3.3 11l-2 9c-.2.7.3 1.4 1 1.4h8.6c.7 0 1.2-.7 1-1.4l-2-9A6 6 0 0 0 80 44z"
        className="fill-brass"
      />
      <path d="M34 34h-5v10h5M34 66h-5v10h5" className="fill-cloak-fold stroke-cloak-fold" />
    </svg>
  );
}
