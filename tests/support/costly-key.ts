/**
 * An encrypted PKCS#8 key that asks for so many rounds of PBKDF2 with SHA-256, and opens with no passphrase: which shows
 * only when all of them are done. PEM.
 */
export function costlyKey(rounds: number): string {
  const oid = (hex: string) => Buffer.from(hex, "hex");
  const count = Buffer.alloc(6);
  count.writeUInt16BE(0x0204);
  count.writeInt32BE(rounds, 2);
  const prf = der(0x30, oid("06082a864886f70d02090500"));
  const derivation = der(
    0x30,
    oid("06092a864886f70d01050c"),
    der(0x30, der(0x04, Buffer.alloc(8)), count, prf),
  );
  const cipher = der(0x30, oid("060960864801650304012a"), der(0x04, Buffer.alloc(16)));
  const algorithm = der(0x30, oid("06092a864886f70d01050d"), der(0x30, derivation, cipher));
  const whole = der(0x30, algorithm, der(0x04, Buffer.alloc(64, 1)));
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${whole.toString("base64")}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const contents = Buffer.concat(parts);
  const length = contents.length < 0x80 ? [contents.length] : [0x81, contents.length];
  return Buffer.concat([Buffer.from([tag, ...length]), contents]);
}
