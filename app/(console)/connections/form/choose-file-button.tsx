"use client";

import { FileUp } from "lucide-react";
import { useRef } from "react";
import { Button } from "#components/ui/button.tsx";

interface Props {
  readonly label: string;
  readonly onFile: (file: File) => void;
}

/** A button that opens the browser's file chooser. */
export function ChooseFileButton({ label, onFile }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="sm" onClick={() => chooser.current?.click()}>
        <FileUp aria-hidden className="size-3.5" />
        {label}
      </Button>
      <input
        ref={chooser}
        type="file"
        hidden
        tabIndex={-1}
        aria-hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) onFile(file);
          // The same file may be chosen again after it was changed.
          event.target.value = "";
        }}
      />
    </>
  );
}
