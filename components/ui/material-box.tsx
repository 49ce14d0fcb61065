"use client";

import { FileUp } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { classes } from "./classes.ts";
import { FieldFrame, type FieldTexts } from "./field.tsx";

interface Props extends FieldTexts {
  readonly value: string;
  readonly onText: (text: string) => void;
  /** Files that were dropped, chosen or pasted, at least one; the caller reads them. */
  readonly onFiles: (files: readonly File[]) => void;
  /** What was pasted in place of everything that was there; it arrives as `onText` as well. */
  readonly onPasted?: (text: string) => void;
  readonly onBlur?: () => void;
  readonly chooseLabel: string;
  readonly dropLabel: string;
  readonly placeholder?: string;
  /** Below the box: what was understood of it. */
  readonly children?: ReactNode;
  readonly inputRef?: React.Ref<HTMLTextAreaElement>;
}

/** A box for certificates and keys: paste, drop a file, or choose one. */
export function MaterialBox(props: Props) {
  const { label, hint, error, problem, aside, className, value, onText, onFiles, onPasted, onBlur } = props;
  const { chooseLabel, dropLabel, placeholder, children, inputRef } = props;
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  return (
    <div className={classes("flex min-w-0 flex-col gap-2", className)}>
      <FieldFrame
        {...{ label, hint, error, problem }}
        aside={
          <span className="-mr-1 flex items-baseline gap-1">
            {aside}
            <Button look="quiet" size="sm" className="-my-1" onClick={() => chooser.current?.click()}>
              <FileUp aria-hidden className="size-3.5" />
              {chooseLabel}
            </Button>
          </span>
        }
      >
        {(ties) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same
          <div
            className="relative"
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              setOver(false);
              const files = [...event.dataTransfer.files];
              if (files.length === 0) return;
              event.preventDefault();
              onFiles(files);
            }}
          >
            <textarea
              {...ties}
              ref={inputRef}
              rows={3}
              autoComplete="off"
              autoCapitalize="none"
              autoCorrect="off"
              spellCheck={false}
              value={value}
              {...(placeholder !== undefined && { placeholder })}
              onChange={(event) => onText(event.target.value)}
              onPaste={(event) => {
                const files = [...event.clipboardData.files];
                if (files.length > 0) {
                  event.preventDefault();
                  onFiles(files);
                  return;
                }
                const { selectionStart, selectionEnd } = event.currentTarget;
                if (selectionStart === 0 && selectionEnd === value.length) {
                  onPasted?.(event.clipboardData.getData("text"));
                }
              }}
              {...(onBlur && { onBlur })}
              className="control block resize-y font-mono text-xs/5 break-all"
            />
            {over && (
              <div
                aria-hidden
                className="pointer-events-none absolute inset-0 grid place-items-center rounded-md border-2 border-dashed border-accent bg-accent-soft text-accent"
              >
                {dropLabel}
              </div>
            )}
          </div>
        )}
      </FieldFrame>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-hidden
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          if (files.length > 0) onFiles(files);
          // The same file may be chosen again after it was changed.
          event.target.value = "";
        }}
      />
      {children}
    </div>
  );
}
