import "server-only";
import { type Checks, checksOf } from "#lib/settings/checks-of.ts";
import type { SslMode } from "#lib/settings/form-values.ts";

/** What a mode does and proves, as words of `help.tlsModes`. */
export interface ModeRow {
  readonly mode: SslMode;
  readonly encrypted: "yes" | "no" | "offered";
  readonly chain: "yes" | "no";
  readonly name: "yes" | "no";
  /** Whether one who only listens learns nothing. */
  readonly listener: "yes" | "no" | "offered";
  /** Whether one who answers in the server's place is found out. */
  readonly impostor: "yes" | "no" | "sameCa";
}

/** The four that people choose from, the weakest first. */
export const fourModes = ["disable", "require", "verify-ca", "verify-full"] as const;

/** Those that promise nothing. */
export const softModes = ["allow", "prefer"] as const;

/** What a mode does where no CA of one's own is given, by the one table that the connection itself goes by. */
export function modeRow(mode: SslMode): ModeRow {
  const { encryption, server } = checksOf(mode, "system", false, false);
  const encrypted = encryptions[encryption];
  return {
    mode,
    encrypted,
    chain: server === "none" ? "no" : "yes",
    name: server === "chain-and-name" ? "yes" : "no",
    listener: encrypted,
    impostor: server === "none" ? "no" : server === "chain" ? "sameCa" : "yes",
  };
}

const encryptions = { none: "no", optional: "offered", always: "yes" } as const satisfies Record<
  Checks["encryption"],
  ModeRow["encrypted"]
>;
