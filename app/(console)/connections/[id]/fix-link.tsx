"use client";

import { buttonClasses } from "#components/ui/button.tsx";
import { SoftLink } from "../../soft-link.tsx";
import { askForTest } from "../attempt/test-at-once.ts";

/** Leads to the connection's form in Settings, and has it test what is saved, so that the fixes are there at once. */
export function FixLink({ connectionId, label }: { readonly connectionId: string; readonly label: string }) {
  return (
    <SoftLink
      href={`/settings/connections/${encodeURIComponent(connectionId)}`}
      onClick={() => askForTest(connectionId)}
      className={buttonClasses({})}
    >
      {label}
    </SoftLink>
  );
}
