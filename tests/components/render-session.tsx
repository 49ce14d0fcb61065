import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { AttemptReport, TlsReport } from "#lib/wire/report.ts";
import { english } from "#messages/load-messages.ts";

/** Renders with the words that the connected view's page gives. */
export function renderSession(element: ReactNode) {
  const user = userEvent.setup();
  const wrap = (inner: ReactNode) => (
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={english}>
      {inner}
    </NextIntlClientProvider>
  );
  const rendered = render(wrap(element));
  return { user, rerender: (next: ReactNode) => rendered.rerender(wrap(next)), unmount: rendered.unmount };
}

export function certificate(given: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: "CN=db.example.test",
    issuer: "CN=Example Intermediate",
    sans: ["DNS:db.example.test"],
    serial: "01:02",
    notBefore: "2026-01-01T00:00:00.000Z",
    notAfter: "2027-01-01T00:00:00.000Z",
    daysLeft: 40,
    key: "EC P-256",
    signature: "SHA-256 with ECDSA",
    sha256: "AA:BB",
    selfSigned: false,
    ca: false,
    keyUsage: [],
    extendedKeyUsage: [],
    pem: "",
    ...given,
  };
}

export const intermediate = certificate({
  subject: "CN=Example Intermediate",
  issuer: "CN=Example Root",
  sha256: "CC:DD",
  ca: true,
});

export const root = certificate({
  subject: "CN=Example Root",
  issuer: "CN=Example Root",
  sha256: "EE:FF",
  ca: true,
  selfSigned: true,
});

export function tlsReport(given: Partial<TlsReport> = {}): TlsReport {
  return {
    encrypted: true,
    verified: "full",
    protocol: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
    keyExchange: "X25519",
    sni: "db.example.test",
    alpn: null,
    channelBinding: true,
    channelBindingOffered: true,
    clientCertificateAsked: false,
    built: [certificate(), intermediate, root],
    negotiation: "postgres",
    anchor: { source: "system", certificate: root },
    chain: [certificate(), intermediate],
    clientCertificate: null,
    name: { host: "db.example.test", matches: true, checked: true },
    store: "system",
    end: "anchor",
    unverifiedReason: null,
    ...given,
  };
}

export function attempt(given: Partial<AttemptReport> = {}): AttemptReport {
  return {
    ok: true,
    problem: null,
    steps: [],
    tls: tlsReport(),
    server: {
      version: "18.4",
      user: "app",
      database: "shop",
      startedAt: "2026-11-20T00:00:00.000Z",
      superuser: false,
      readOnly: false,
      backendPid: 7,
      sees: { ssl: true, version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", clientDn: null },
    },
    fallback: null,
    ms: 5,
    ...given,
  };
}
