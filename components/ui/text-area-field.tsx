import type { ComponentProps } from "react";
import { classes } from "./classes.ts";
import { FieldFrame, type FieldTexts } from "./field.tsx";

interface Props extends FieldTexts, Omit<ComponentProps<"textarea">, "className"> {
  readonly mono?: boolean;
}

/** A text field of several lines; grows with its content where the browser can. */
export function TextAreaField(props: Props) {
  const { label, hint, error, problem, aside, className, mono = false, ...area } = props;
  return (
    <FieldFrame {...{ label, hint, error, problem, aside }} {...(className && { className })}>
      {(ties) => (
        <textarea
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          rows={2}
          {...area}
          {...ties}
          className={classes("control field-sizing-content max-h-60 resize-y", mono && "font-mono")}
        />
      )}
    </FieldFrame>
  );
}
