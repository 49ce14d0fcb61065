import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";
import { giveText } from "../form/given-text.ts";
import { isConnection } from "./is-connection.ts";

/** A paste outside of any field opens the form filled in, where it is a connection. Anything else is left alone. */
export function PasteAnywhere() {
  const router = useRouter();
  const onPaste = useEffectEvent(async (event: ClipboardEvent) => {
    if (event.defaultPrevented || isForAField(event.target)) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.trim() === "" || !(await isConnection(text))) return;
    giveText(text);
    router.push("/connections/new");
  });
  useEffect(() => {
    const listen = (event: ClipboardEvent) => void onPaste(event);
    document.addEventListener("paste", listen);
    return () => document.removeEventListener("paste", listen);
  }, []);
  return null;
}

function isForAField(target: EventTarget | null): boolean {
  if (document.querySelector(":modal") !== null) return true;
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable=''], [contenteditable=true]") !== null
  );
}
