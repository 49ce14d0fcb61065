import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { importRow } from "#lib/strings/read/import-rows.ts";
import type { ParsedConnection, ReadConnection } from "#lib/strings/read/raw-connection.ts";
import { mostConnections, readConnections } from "#lib/strings/read/read-connections.ts";
import { visibly } from "#lib/visible-text.ts";
import type { CarriedRead, CarrySource } from "./carried-entry.ts";
import { noteOf } from "./connections-file.ts";
import { withCredentials } from "./dbeaver-credentials.ts";

/** What is needed besides the text. */
interface Given {
  readonly roots: GivenRoots;
  readonly user?: string | undefined;
  readonly credentials?: Uint8Array | undefined;
}

/**
 * Reads what the paste box understands: pgAdmin's and DBeaver's lists, service and password files, environments, strings
 * a line. Files that it names lie on another machine and are never opened.
 */
export function readWritten(
  text: string,
  given: Given,
): Result<{ readonly source: CarrySource; readonly entries: readonly CarriedRead[] }> {
  const found = readConnections(withCredentials(text, given.credentials));
  // The advice for a pasted string does not help with a file, and neither JSON nor bytes are one.
  if (!found.ok && (found.problem.code === "string-unknown-form" || /^\s*[[{]|\0/.test(text)))
    return found.problem.facts.name === undefined
      ? failed(problem("import-unreadable", { reason: "shape" }))
      : found;
  if (!found.ok) return found;
  // What lies behind them is not read, and would be missing without a word.
  if (found.value.length >= mostConnections)
    return failed(problem("import-unreadable", { reason: "too-many", most: String(mostConnections - 1) }));
  const form = found.value.flatMap(({ read }) => (read.ok ? [read.value.form] : []))[0];
  const source = form === "pgadmin" || form === "dbeaver" ? form : "strings";
  return ok({ source, entries: found.value.map((one) => entryOf(one, given)) });
}

function entryOf(connection: ReadConnection, { roots, user }: Given): CarriedRead {
  const { name, read } = connection;
  if (!read.ok) return { ok: false, name: visibly(name), problem: read.problem };
  const row = importRow(connection, { user, files: {}, verifyFull: false, roots });
  // What was read makes a row.
  if (row === undefined) throw new Error("a connection that was read makes no row");
  const { unknown, unsupported, paths, notes } = read.value;
  const instead = withoutCa(read.value, row);
  return {
    ok: true,
    value: {
      name: read.value.name ?? name,
      values: { ...row, ...instead },
      label: undefined,
      notes: [
        ...noteOf(
          "unknown",
          unknown.map((one) => `${one.name}=${one.value}`),
        ),
        ...noteOf(
          "unsupported",
          unsupported.filter((one) => !paths.some((path) => path.name === one)),
        ),
        ...noteOf(
          "file-not-read",
          paths.map((one) => `${one.name}=${one.value}`),
        ),
        ...(instead === undefined ? [] : noteOf("ca-not-read", ["sslrootcert"])),
      ],
      stringNotes: notes,
    },
  };
}

/**
 * A server that was checked against a file is not checked less without it: by the system's roots and its name, until
 * somebody gives the CA. Where the provider's own roots do, they stay.
 */
function withoutCa({ paths }: ParsedConnection, row: FormValues): FormChange | undefined {
  if (!paths.some(({ name }) => name === "sslrootcert") || row.ca !== "" || !row.ssl) return undefined;
  if (row.trust !== "own") return undefined;
  return { trust: "system", mode: "verify-full", allowSelfSigned: false };
}
