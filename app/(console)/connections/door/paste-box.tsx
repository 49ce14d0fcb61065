import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useId, useRef } from "react";
import { Button } from "#components/ui/button.tsx";
import { giveText } from "../form/given-text.ts";
import { isConnection } from "./is-connection.ts";

interface Props {
  readonly words: {
    readonly label: string;
    readonly hint: string;
    readonly placeholder: string;
    readonly open: string;
  };
}

/** The form's own box, before there is a form: what is pasted or typed here opens it, filled in. */
export function PasteBox({ words }: Props) {
  const router = useRouter();
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);

  function open(text: string): void {
    if (text.trim() !== "") giveText(text);
    router.push("/connections/new");
  }

  // What was pasted while the page still loaded stands in the box, and nobody heard of it.
  const openEarly = useEffectEvent(async () => {
    const early = box.current?.value ?? "";
    if (early.trim() !== "" && (await isConnection(early)) && box.current?.value === early) open(early);
  });
  useEffect(() => void openEarly(), []);

  return (
    <form
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        open(box.current?.value ?? "");
      }}
    >
      <label htmlFor={id} className="font-semibold text-base">
        {words.label}
      </label>
      <p id={`${id}-hint`} className="mt-0.5 mb-2.5 text-muted">
        {words.hint}
      </p>
      <textarea
        ref={box}
        id={id}
        rows={4}
        aria-describedby={`${id}-hint`}
        placeholder={words.placeholder}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        className="control block min-h-28 resize-y font-mono text-[0.8125rem]"
        onPaste={(event) => {
          const text = event.clipboardData.getData("text/plain");
          // Beside what was typed before, it is for the box.
          if (text.trim() === "" || box.current?.value.trim() !== "") return;
          // Nothing of it, its password least of all, need stand here for a moment.
          event.preventDefault();
          open(text);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          open(event.currentTarget.value);
        }}
      />
      <Button type="submit" look="primary" className="mt-2.5">
        {words.open}
      </Button>
    </form>
  );
}
