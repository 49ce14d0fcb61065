"use client";

import { LogOut } from "lucide-react";
import { forgetAllEntries } from "./connections/form/entries-place.ts";
import { leave } from "./leaving.ts";

/** Ends the session on the server, then leaves by a full load: nothing of it stays in this tab's memory or storage. */
export function SignOut({ label }: { readonly label: string }) {
  async function signOut() {
    forgetAllEntries();
    const answer = await fetch("/api/logout", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    window.location.assign(answer.ok ? "/login" : "/login?signedOut=not-kept");
  }
  return (
    <button
      type="button"
      onClick={() => leave(signOut)}
      aria-label={label}
      className="inline-flex h-8 shrink-0 items-center gap-1.5 rounded-md px-2 text-muted text-sm hover:bg-sunken hover:text-ink"
    >
      <LogOut aria-hidden="true" className="size-4" />
      <span className="hidden sm:inline">{label}</span>
    </button>
  );
}
