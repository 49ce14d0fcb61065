import "server-only";
import { createPrivateKey } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { FormChange, SslMode } from "#lib/settings/form-values.ts";
import type { LibpqReading } from "#lib/strings/libpq/libpq-parameters.ts";

/** Contents of the files that a string names, as the form's boxes would hold them. */
export type FileValues = Pick<FormChange, "trust" | "ca" | "clientCertificate" | "clientKey" | "crl">;

/**
 * Reads the files of a connection as libpq 18 does (its manual, "SSL Support"; `initialize_SSL`): those that are
 * named, else the usual ones in `~/.postgresql`. The command line alone does this: no web request names a file.
 * @param home the folder in which `.postgresql` lies
 * @param withClient whether a client certificate may be sent (libpq `sslcertmode`)
 * @returns their contents, or `trust-no-ca`, `certificate-without-key`, `key-unreadable`, `crl-unreadable`,
 *   `setting-invalid`, each with the facts `parameter`, `file` and `reason` ("file-missing", "file-empty",
 *   "file-unreadable", "file-permissions", "folder-empty")
 */
export async function readLibpqFiles(
  mode: SslMode,
  { paths, values }: Pick<LibpqReading, "paths" | "values">,
  home: string,
  withClient = true,
): Promise<Result<FileValues>> {
  if (mode === "disable") return ok({});
  const named = (parameter: string) => paths.find(({ name }) => name === parameter)?.value;
  const usual = (file: string) => path.join(home, ".postgresql", file);

  const root = values.trust === "system" ? ok({ trust: values.trust }) : await readRoot(mode, named, usual);
  if (!root.ok) return root;
  const client = withClient ? await readClient(named, usual) : ok({});
  if (!client.ok) return client;
  // Without a CA libpq does not look at the lists.
  const crl = "ca" in root.value ? await readLists(named, usual) : ok(undefined);
  if (!crl.ok) return crl;
  return ok({ ...root.value, ...client.value, ...(crl.value === undefined ? {} : { crl: crl.value }) });
}

type Named = (parameter: string) => string | undefined;
type Usual = (file: string) => string;

/** A missing file means "no checks" to require and weaker modes, and the end to the verifying ones. */
async function readRoot(mode: SslMode, named: Named, usual: Usual): Promise<Result<FileValues>> {
  const file = named("sslrootcert") ?? usual("root.crt");
  const ca = await read("sslrootcert", file);
  if (!ca.ok) return ca;
  // An empty file is a mistake, and no file a choice.
  if (ca.value?.trim() === "") return failed(trouble("trust-no-ca", "sslrootcert", file, "file-empty"));
  if (ca.value !== undefined) return ok({ trust: "own", ca: ca.value });
  if (mode === "verify-ca" || mode === "verify-full") {
    return failed(trouble("trust-no-ca", "sslrootcert", file, "file-missing"));
  }
  return ok({ trust: "system" });
}

async function readClient(named: Named, usual: Usual): Promise<Result<FileValues>> {
  const clientCertificate = await read("sslcert", named("sslcert") ?? usual("postgresql.crt"));
  if (!clientCertificate.ok) return clientCertificate;
  if (clientCertificate.value === undefined) return ok({});
  const file = named("sslkey") ?? usual("postgresql.key");
  const open = await isOpenToOthers(file);
  if (open) return failed(trouble("key-unreadable", "sslkey", file, "file-permissions"));
  const clientKey = await readKey(file);
  if (!clientKey.ok) return clientKey;
  if (clientKey.value === undefined) {
    return failed(trouble("certificate-without-key", "sslkey", file, "file-missing"));
  }
  return ok({ clientCertificate: clientCertificate.value, clientKey: clientKey.value });
}

/** A list that is not there is none; a folder without a list leaves every certificate unchecked, and is refused. */
async function readLists(named: Named, usual: Usual): Promise<Result<string | undefined>> {
  const folder = named("sslcrldir");
  const file = named("sslcrl") ?? (folder === undefined ? usual("root.crl") : undefined);
  const inFile = file === undefined ? ok(undefined) : await read("sslcrl", file);
  if (!inFile.ok || folder === undefined) return inFile;
  const texts = inFile.value === undefined ? [] : [inFile.value];
  for (const name of await listNames(folder)) {
    const list = await read("sslcrldir", path.join(folder, name));
    if (!list.ok) return list;
    if (list.value !== undefined) texts.push(list.value);
  }
  if (texts.length === 0) return failed(trouble("crl-unreadable", "sslcrldir", folder, "folder-empty"));
  return ok(texts.join("\n"));
}

/** OpenSSL finds a list by the hash of its issuer's name, as `openssl rehash` writes it. */
async function listNames(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^[0-9a-f]{8}\.r\d+$/.test(name)).sort();
  } catch {
    return [];
  }
}

/** PEM as it is; DER, which libpq takes as well, written as PEM. */
async function readKey(file: string): Promise<Result<string | undefined>> {
  const text = await read("sslkey", file);
  if (!text.ok || text.value === undefined || text.value.includes("-----BEGIN")) return text;
  const der = await readFile(file);
  for (const type of ["pkcs8", "pkcs1", "sec1"] as const) {
    try {
      const key = createPrivateKey({ key: der, format: "der", type });
      return ok(key.export({ type: "pkcs8", format: "pem" }).toString());
    } catch {
      // Not this form; what is none of them is refused as text.
    }
  }
  return text;
}

/** @returns undefined when there is no such file */
async function read(parameter: string, file: string): Promise<Result<string | undefined>> {
  try {
    return ok(await readFile(file, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return ok(undefined);
    return failed(trouble("setting-invalid", parameter, file, "file-unreadable"));
  }
}

/** libpq's rule: 0600 or less for the owner's key, 0640 or less for one that belongs to root. */
async function isOpenToOthers(file: string): Promise<boolean> {
  if (process.platform === "win32") return false;
  try {
    const { mode, uid } = await stat(file);
    return (mode & (uid === 0 ? 0o037 : 0o077)) !== 0;
  } catch {
    return false;
  }
}

function trouble(code: Problem["code"], parameter: string, file: string, reason: string): Problem {
  return problem(code, { parameter, file, reason });
}
