import type { RawExtension } from "#lib/samples/certificates.ts";

/** NULL, under a number that nobody was given. */
export const unknownExtension: RawExtension = {
  oid: "1.3.6.1.4.1.99999.1",
  critical: true,
  value: Uint8Array.of(0x05, 0x00),
};

/** sbgp-ipAddrBlock (RFC 3779) for 10.0.0.0/8, which nobody above it has. */
export const ipBlocks: RawExtension = {
  oid: "1.3.6.1.5.5.7.1.7",
  critical: true,
  value: new Uint8Array(Buffer.from("300c300a0402000130040302000a", "hex")),
};

/** RFC 5280 section 4.2.1.10, with one DNS name. */
export function nameConstraints(kind: "permitted" | "excluded", name: string): RawExtension {
  const tlv = (tag: number, content: Buffer) => Buffer.concat([Buffer.from([tag, content.length]), content]);
  const subtree = tlv(0x30, tlv(0x82, Buffer.from(name)));
  const value = tlv(0x30, tlv(kind === "permitted" ? 0xa0 : 0xa1, subtree));
  return { oid: "2.5.29.30", critical: true, value: new Uint8Array(value) };
}
