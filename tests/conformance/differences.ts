import type { Verdict } from "./libpq.ts";
import type { Group, Row } from "./matrix.ts";

/** One row on which we and libpq do not agree. */
export interface Disagreement {
  readonly group: Pick<Group, "id">;
  readonly row: Row;
  readonly ours: Verdict;
  /** Our problem's code. */
  readonly code: string | null;
  readonly libpq: Verdict;
}

/** Where we differ on purpose. What and why stands in docs/libpq-differences.md, under the same id. */
export interface Difference {
  readonly id: string;
  readonly covers: (found: Disagreement) => boolean;
}

export const differences: readonly Difference[] = [
  {
    id: "no-plain-text-after-a-failed-check",
    covers: ({ row, code, libpq }) =>
      isPrefer(row) && libpq === "plaintext" && (code ?? "").startsWith("tls-"),
  },
  {
    id: "material-is-read-first",
    covers: ({ row, code, libpq }) =>
      (isPrefer(row) || row.sslmode === "allow") && libpq === "plaintext" && isMaterial(code ?? ""),
  },
  {
    id: "no-weak-password-to-an-unproved-server",
    covers: ({ group, row, code, libpq }) =>
      code === "auth-method-refused" &&
      libpq !== "refused" &&
      row.require_auth === undefined &&
      (group.id === "rule password" || row.user === "old"),
  },
  {
    id: "unreadable-list",
    covers: ({ row, code, libpq }) =>
      libpq !== "refused" &&
      ((code === "crl-unreadable" && row.sslcrl === "{garbage}") ||
        (/^(crl-unreadable|tls-revoked|tls-crl-missing)$/.test(code ?? "") &&
          row.sslcrl === "{missing}" &&
          row.sslcrldir !== undefined)),
  },
  {
    id: "openssl-security-level",
    covers: ({ group, code, libpq }) =>
      libpq === "tls" &&
      ((group.id === "sha-1" && code === "tls-weak-signature") ||
        (group.id === "rsa-1024" && code === "tls-weak-key")),
  },
  {
    id: "openssl-1-1-own-anchor",
    covers: ({ row, ours, libpq }) => row.sslrootcert === "{self}" && ours === "tls" && libpq === "refused",
  },
  {
    id: "certificate-demanded-of-the-lasting-connection",
    covers: ({ row, code, libpq }) =>
      code === "auth-client-certificate-unused" && isPrefer(row) && libpq === "plaintext",
  },
  {
    id: "parameter-not-carried-out",
    covers: ({ row, code, libpq }) =>
      code === "string-parameter-unsupported" &&
      libpq !== "refused" &&
      (row.requiressl !== undefined || row.min_protocol_version === "latest"),
  },
];

export function differenceOf(found: Disagreement): Difference | undefined {
  return differences.find(({ covers }) => covers(found));
}

function isPrefer({ sslmode }: Row): boolean {
  return sslmode === undefined || sslmode === "prefer";
}

function isMaterial(code: string): boolean {
  return /^(key-|pem-|crl-|trust-no-ca$|certificate-without-key$)/.test(code);
}
