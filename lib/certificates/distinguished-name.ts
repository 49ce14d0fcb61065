import { children, type DerElement, oidText, tags } from "./der.ts";

/**
 * A Name on one line, most specific part first, escaped as RFC 4514 (2.1 to 2.4) asks, with a space after each
 * comma for the eye: `CN=db.example.test, O=Example`. An empty name is an empty text.
 */
export function nameText(name: DerElement | undefined): string {
  return children(name)
    .map((relative) => children(relative).map(attributeText).join("+"))
    .reverse()
    .join(", ");
}

function attributeText(attribute: DerElement): string {
  const [type, value] = children(attribute);
  if (type === undefined || value === undefined) return "?";
  const oid = oidText(type.contents);
  return `${shortNames[oid] ?? oid}=${escaped(stringOf(value))}`;
}

/** RFC 4514, section 3, and the further ones that certificates carry, as OpenSSL names them. */
const shortNames: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.15": "businessCategory",
  "2.5.4.17": "postalCode",
  "2.5.4.42": "GN",
  "2.5.4.46": "dnQualifier",
  "2.5.4.65": "pseudonym",
  "2.5.4.97": "organizationIdentifier",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
};

/** A character string of any ASN.1 kind; T.61 is read as Latin-1, as everyone wrote it. */
export function stringOf(element: DerElement): string {
  if (element.tag === tags.bmpString) return utf16(element.contents);
  const kind = element.tag === 0x0c ? "utf-8" : "latin1";
  return new TextDecoder(kind).decode(element.contents);
}

function utf16(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0));
  }
  return text;
}

/** RFC 4514, 2.4; characters that cannot be seen become `\XX`, so that no name can hide or reorder text. */
function escaped(value: string): string {
  return visible(
    value
      .replace(/[\\,+"<>;]/g, "\\$&")
      .replace(/^[ #]/, "\\$&")
      .replace(/(?<!\\) $/, "\\ "),
  );
}

/** Control and direction characters as hexadecimal, so that what is shown is what is there. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    Array.from(
      new TextEncoder().encode(character),
      (octet) => `\\${octet.toString(16).padStart(2, "0")}`,
    ).join(""),
  );
}
