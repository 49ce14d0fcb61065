import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { ChainDrawing } from "#lib/connect/chain/chain-drawing.ts";

/** A place a word, a link a sign: `=` sound, `.` nobody looked, `~` would have failed, `x` broken; `@` signed itself. */
export function drawn(drawing: ChainDrawing): string {
  const signs = { sound: "=", open: ".", warn: "~", broken: "x" } as const;
  return drawing
    .map(({ role, mark, fault, gap, loop, link }) =>
      [
        gap ? `(${role})` : role,
        loop === undefined || loop === "sound" ? "" : `@${signs[loop]}`,
        mark === "sound" ? "" : ` ${signs[mark]}`,
        fault === undefined ? "" : `[${fault}]`,
        link === undefined ? "" : ` ${signs[link.mark]}${link.fault === undefined ? "" : `{${link.fault}}`}`,
      ].join(""),
    )
    .join(" ");
}

/** What a certificate of that name says, issued by another or by itself; valid through 2026. */
export function certificate(
  name: string,
  issuer: string,
  more: Partial<CertificateFacts> = {},
): CertificateFacts {
  return {
    subject: `CN=${name}`,
    issuer: `CN=${issuer}`,
    sans: [],
    serial: "01",
    notBefore: "2026-01-01T00:00:00.000Z",
    notAfter: "2027-01-01T00:00:00.000Z",
    daysLeft: 214,
    key: "EC P-256",
    signature: "SHA-256 with ECDSA",
    sha256: `${name}:SHA`,
    selfSigned: name === issuer,
    ca: false,
    keyUsage: [],
    extendedKeyUsage: [],
    pem: "",
    ...more,
  };
}
