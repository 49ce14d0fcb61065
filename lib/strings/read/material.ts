import { derKind } from "#lib/certificates/der-kind.ts";
import { type PemBlock, pemBlocks } from "#lib/certificates/pem-kind.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import { readJson } from "#lib/yaml/read-json.ts";
import { at, type Tree } from "#lib/yaml/tree.ts";

/** Certificates and keys that a text gives by content, PEM, by the box where they belong. */
export interface Material {
  readonly ca?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly crl?: string;
}

/** What a text holds: PEM, however its lines were changed on the way, or base64 of PEM or of DER. */
interface Content {
  readonly certificates: string;
  readonly keys: string;
  readonly crls: string;
}

/** @returns undefined for what holds none of it: the name of a file, a switch, any other setting */
function contentOf(text: string, depth = 0): Content | undefined {
  if (text.length < 40) return undefined;
  const blocks = pemBlocks(text);
  // A broken one comes along as it is, for its box to say what is wrong with it.
  const broken = blocks.find(({ state }) => state !== "whole");
  if (broken !== undefined) return contentAs(broken.kind, text);
  const of = (kind: string) => blocks.flatMap((block) => (block.kind === kind ? [block.pem] : [])).join("");
  const content = { certificates: of("certificate"), keys: of("private-key"), crls: of("crl") };
  if (blocks.length > 0) return Object.values(content).join("") === "" ? undefined : content;
  const bare = text.replace(/[\s"']/g, "").replace(/^data:[^,]{0,80},/, "");
  if (depth > 1 || !/^(?:LS0tLS|MI)[\w+/-]{50,}={0,2}$/.test(bare)) return undefined;
  const inner = decoded(bare);
  if (inner.startsWith("-----BEGIN")) return contentOf(inner, depth + 1);
  const kind = derKind(Uint8Array.from(inner, (sign) => sign.charCodeAt(0)));
  return kind && contentOf(`-----BEGIN ${kind}-----\n${btoa(inner)}\n-----END ${kind}-----\n`, 2);
}

function contentAs(kind: PemBlock["kind"], text: string): Content | undefined {
  const only = (wanted: PemBlock["kind"]) => (kind === wanted ? text : "");
  const content = { certificates: only("certificate"), keys: only("private-key"), crls: only("crl") };
  return Object.values(content).includes(text) ? content : undefined;
}

function decoded(base64: string): string {
  try {
    return atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}

/** A setting that is content, and its name. */
export interface NamedContent {
  readonly name: string;
  readonly content: Content;
}

/** The settings that are content, whatever they are called; also those within JSON that is the value of one. */
export function contentsAmong(settings: ReadonlyMap<string, string>): readonly NamedContent[] {
  return [...settings].flatMap(([name, value]) => {
    const tree = /^\s*\{/.test(value) ? readJson(value) : undefined;
    if (tree !== undefined) return contentsIn(tree, name);
    const content = contentOf(value);
    return content === undefined ? [] : [{ name, content }];
  });
}

/** The same of a tree, wherever it stands in it. */
export function contentsIn(tree: Tree, name = "", depth = 0): readonly NamedContent[] {
  if (typeof tree === "string") {
    const content = contentOf(tree);
    return content === undefined ? [] : [{ name, content }];
  }
  if (tree === null || depth > 8) return [];
  if (!(tree instanceof Map))
    return (tree as readonly Tree[]).flatMap((one) => contentsIn(one, name, depth + 1));
  return [...tree].flatMap(([key, below]) =>
    contentsIn(below, name === "" ? key : `${name}.${key}`, depth + 1),
  );
}

/** Where contents belong: keys and lists by what they are, certificates by what they are called. */
export function sortedMaterial(contents: readonly NamedContent[]): Material {
  const hasKey = contents.some(({ content }) => content.keys !== "");
  const found = { ca: "", clientCertificate: "", clientKey: "", crl: "" };
  for (const { name, content } of contents) {
    const words = name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
    const isClient = !caName.test(words) && (/client/.test(words) || (hasKey && clientName.test(words)));
    found[isClient || (content.keys !== "" && content.certificates !== "") ? "clientCertificate" : "ca"] +=
      content.certificates;
    // The first key counts, as for OpenSSL.
    if (found.clientKey === "") found.clientKey = content.keys;
    found.crl += content.crls;
  }
  return Object.fromEntries(Object.entries(found).filter(([, pem]) => pem !== ""));
}

const caName =
  /(?:^|[^a-z])(?:(?:pg)?(?:ssl)?(?:ca|root)(?:cert(?:ificate)?|file)?|server[_.-]?ca|authority|bundle|truststore)(?:[^a-z]|$)/;
const clientName =
  /(?:^|[^a-z])(?:(?:pg)?(?:ssl|tls)?(?:cert(?:ificate)?|crt)|tls|ssl|postgresql)(?:[^a-z]|$)/;

/** Of a connection that was read, what content has to do with. */
interface Written {
  readonly parameters: ReadonlyMap<string, string>;
  readonly change?: FormChange;
  readonly clientKey?: string | undefined;
}

/** Content takes the place of the file that a parameter names, and does not outrank what was written out there. */
export function withMaterial<W extends Written>(written: W, material: Material): W {
  const { clientKey, ...values } = material;
  const parameters = new Map(written.parameters);
  if (material.ca !== undefined) parameters.delete("sslrootcert");
  if (material.clientCertificate !== undefined) parameters.delete("sslcert");
  if (clientKey !== undefined) parameters.delete("sslkey");
  if (material.crl !== undefined) parameters.delete("sslcrl");
  const change = { ...values, ...(material.ca === undefined ? {} : { trust: "own" as const }) };
  return {
    ...written,
    parameters,
    change: { ...change, ...written.change },
    clientKey: written.clientKey ?? clientKey,
  };
}

/** libpq's parameters name files; clients and panels put the content there as well, or name it so. */
export function withContentOpened<W extends Written>(written: W): W {
  let opened = written;
  for (const [name, box] of Object.entries(boxes)) {
    for (const parameter of [name, `${name}_base64`, `${name}inline`]) {
      const content = contentOf(written.parameters.get(parameter) ?? "");
      if (content === undefined) continue;
      const pem = {
        ca: content.certificates,
        clientCertificate: content.certificates,
        crl: content.crls,
        clientKey: content.keys,
      }[box];
      const parameters = new Map(opened.parameters);
      parameters.delete(parameter);
      opened = { ...opened, parameters };
      if (pem !== "") opened = withMaterial(opened, { [box]: pem });
    }
  }
  return opened;
}

const boxes = {
  sslrootcert: "ca",
  sslcert: "clientCertificate",
  sslkey: "clientKey",
  sslcrl: "crl",
} as const;

/** Content of a value in a program: PEM or base64, written out. */
export function pemOf(text: string, box: keyof typeof boxes): string | undefined {
  const content = contentOf(text);
  if (content === undefined) return undefined;
  const pem = box === "sslkey" ? content.keys : box === "sslcrl" ? content.crls : content.certificates;
  return pem === "" ? undefined : pem;
}

/** What an object of TLS settings says of checking the server: node-postgres verifies unless it is told not to. */
export function rejectsUnauthorized(tree: Tree | undefined): string | undefined {
  if (!(tree instanceof Map)) return undefined;
  const said = at(tree, "rejectUnauthorized") ?? at(tree, "reject_unauthorized");
  return typeof said === "string" ? said : "true";
}
