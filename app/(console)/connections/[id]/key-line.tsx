"use client";

/** Keys, and what they do. */
export function KeyLine({ keys, does }: { readonly keys: string; readonly does: string }) {
  return (
    <div className="contents">
      <dt>
        <kbd className="rounded-sm border border-line bg-sunken px-1.5 py-px font-mono text-mini">
          {isMac() ? keys.replaceAll("Ctrl", "Cmd").replaceAll("Alt", "Option") : keys}
        </kbd>
      </dt>
      <dd>{does}</dd>
    </div>
  );
}

function isMac(): boolean {
  return /^(Mac|iPhone|iPad)/.test(navigator.platform);
}
