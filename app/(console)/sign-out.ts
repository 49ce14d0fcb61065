import { forgetAllEntries } from "./connections/form/entries-place.ts";

/** Ends the session on the server, then leaves by a full load: nothing of it stays in this tab's memory or storage. */
export async function signOut(): Promise<void> {
  forgetAllEntries();
  const answer = await fetch("/api/logout", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  window.location.assign(answer.ok ? "/login" : "/login?signedOut=not-kept");
}
