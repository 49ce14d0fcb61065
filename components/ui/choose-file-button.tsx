"use client";

import { FileUp } from "lucide-react";
import { useRef } from "react";
import { Button } from "./button.tsx";

interface Props {
  readonly label: string;
  /** Takes more than one at once. */
  readonly multiple?: boolean;
  /** Something is done with the last ones. */
  readonly pending?: boolean;
  /** For tests, which cannot open the browser's own chooser. */
  readonly testId?: string;
  /** Never without a file. */
  readonly onFiles: (files: readonly [File, ...File[]]) => void;
}

/** A button that opens the browser's file chooser. */
export function ChooseFileButton({ label, multiple = false, pending = false, testId, onFiles }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="sm" pending={pending} onClick={() => chooser.current?.click()}>
        <FileUp aria-hidden className="size-3.5" />
        {label}
      </Button>
      <input
        ref={chooser}
        type="file"
        multiple={multiple}
        hidden
        tabIndex={-1}
        aria-hidden
        data-testid={testId}
        onChange={(event) => {
          const [first, ...others] = event.target.files ?? [];
          if (first !== undefined) onFiles([first, ...others]);
          // The same file may be chosen again after it was changed.
          event.target.value = "";
        }}
      />
    </>
  );
}
