import "server-only";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import tls from "node:tls";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type AnchorSet, anchorSet, certificateBlocks } from "./anchor-set.ts";

/** OpenSSL's two variables. When one of them is set, they alone say where the store is. */
export interface StorePlaces {
  /** `SSL_CERT_FILE` */
  readonly certFile?: string | undefined;
  /** `SSL_CERT_DIR`; several folders may be given, separated as the platform does. */
  readonly certDir?: string | undefined;
}

/** Debian, Ubuntu, Arch, Alpine; Fedora, RHEL and theirs; older RHEL; SUSE; Alpine, BSD, macOS. */
const bundleFiles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
] as const;

/**
 * The operating system's trust store, libpq's `sslrootcert=system`. Read once and again when its files change.
 *
 * On Linux and BSD the bundle file is read, as it can be read again when it changes. macOS and Windows keep
 * their store elsewhere: there Node gives it (22.15 and later), once for the life of the process.
 * @returns `trust-system-store-missing` when there is none, as in slim container images
 */
export async function systemStore(places: StorePlaces = {}): Promise<Result<AnchorSet>> {
  const set = await fromFiles(places);
  if (set !== undefined) return ok(set);
  const given = places.certFile ?? places.certDir;
  const native = given === undefined ? fromNode() : undefined;
  if (native !== undefined) return ok(native);
  return failed(
    problem("trust-system-store-missing", {
      looked:
        given === undefined
          ? [...bundleFiles]
          : [places.certFile, places.certDir].filter((x) => x !== undefined),
    }),
  );
}

interface Loaded {
  readonly stamp: string;
  readonly set: AnchorSet;
}

const loaded = new Map<string, Loaded>();
const loading = new Map<string, Promise<AnchorSet | undefined>>();

/** One reading at a time for each place, however many connections ask. */
async function fromFiles(places: StorePlaces): Promise<AnchorSet | undefined> {
  const key = `${places.certFile ?? ""}\0${places.certDir ?? ""}`;
  const running = loading.get(key);
  if (running !== undefined) return running;
  const reading = readFiles(key, places).finally(() => loading.delete(key));
  loading.set(key, reading);
  return reading;
}

async function readFiles(key: string, places: StorePlaces): Promise<AnchorSet | undefined> {
  const files = await filesOf(places);
  if (files.length === 0) return undefined;
  const stamp = files.map((file) => `${file.path} ${file.stamp}`).join("\n");
  const known = loaded.get(key);
  if (known?.stamp === stamp) return known.set;
  const texts = await Promise.all(files.map((file) => readFile(file.path, "utf8").catch(() => "")));
  const blocks = [...new Set(texts.flatMap(certificateBlocks).map((block) => block.replaceAll("\r", "")))];
  if (blocks.length === 0) return undefined;
  const changed = Math.max(...files.map((file) => file.changedMs));
  const set = anchorSet(files[0]?.path ?? "", blocks, new Date(changed));
  loaded.set(key, { stamp, set });
  return set;
}

interface StoreFile {
  readonly path: string;
  /** Grows or changes when the file does. */
  readonly stamp: string;
  readonly changedMs: number;
}

async function filesOf(places: StorePlaces): Promise<StoreFile[]> {
  if (places.certFile !== undefined || places.certDir !== undefined) {
    const folders = places.certDir?.split(process.platform === "win32" ? ";" : ":") ?? [];
    const inFolders = await Promise.all(folders.map(certificateFilesIn));
    const all = [places.certFile ?? "", ...inFolders.flat()].filter((path) => path !== "");
    return (await Promise.all(all.map(storeFile))).filter((file) => file !== undefined);
  }
  if (process.platform === "win32" || (process.platform === "darwin" && "getCACertificates" in tls))
    return [];
  for (const path of bundleFiles) {
    const file = await storeFile(path);
    if (file !== undefined) return [file];
  }
  return [];
}

/** Certificates, and the hashed links that `openssl rehash` makes to them. */
async function certificateFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /\.(pem|crt|cer|\d+)$/.test(name)).map((name) => join(folder, name));
}

async function storeFile(path: string): Promise<StoreFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { path, stamp: `${found.mtimeMs} ${found.size} ${found.ino}`, changedMs: found.mtimeMs };
}

let native: AnchorSet | undefined;

/** Some platforms give each root several times over. */
function fromNode(): AnchorSet | undefined {
  if (native !== undefined) return native;
  const get: unknown = Reflect.get(tls, "getCACertificates");
  if (typeof get !== "function") return undefined;
  const pems: unknown = get.call(tls, "system");
  if (!Array.isArray(pems) || pems.length === 0) return undefined;
  const blocks = [...new Set(pems.map(String))].flatMap(certificateBlocks);
  native = anchorSet(process.platform, blocks);
  return native;
}
