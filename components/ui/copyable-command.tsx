"use client";

import { CopyButton } from "./copy-button.tsx";

interface Props {
  /** Several lines run one after the other. */
  readonly command: string;
  /** Where it runs, said above it. */
  readonly shell: string;
  readonly copyLabel: string;
  readonly copiedLabel: string;
  readonly failedLabel: string;
}

/** A command to read and to copy. Long lines wrap on the screen and stay whole on the clipboard. */
export function CopyableCommand({ command, shell, copyLabel, copiedLabel, failedLabel }: Props) {
  return (
    <figure className="overflow-hidden rounded-md border border-line bg-sunken">
      <figcaption className="flex items-center justify-between gap-2 border-line border-b py-0.5 pr-1 pl-3 text-muted text-xs">
        {shell}
        <CopyButton
          iconOnly
          text={() => command}
          label={copyLabel}
          copiedLabel={copiedLabel}
          failedLabel={failedLabel}
        />
      </figcaption>
      <pre className="px-3 py-2 text-xs leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap">
        <code>{command}</code>
      </pre>
    </figure>
  );
}
