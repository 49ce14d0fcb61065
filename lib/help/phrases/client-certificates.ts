import "server-only";
import type { PhraseTable } from "../programs.ts";

/** What is said when a server does not like the certificate that a client shows, or misses one. */
export const clientCertificatePhrases: PhraseTable = {
  "client-certificate-required": {
    libpq: ["SSL error: tlsv13 alert certificate required"],
    openssl: ["SSL alert number 116", "SSL routines:ssl3_read_bytes:tlsv13 alert certificate required"],
    node: ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"],
    jdbc: ["Received fatal alert: certificate_required"],
    go: ["remote error: tls: certificate required"],
    rust: ["received fatal alert: CertificateRequired"],
    python: ["[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required (_ssl.c:…)"],
    server: ["could not accept SSL connection: peer did not return a certificate"],
  },
  "client-certificate-refused": {
    libpq: [
      "SSL error: sslv3 alert bad certificate",
      "SSL error: ssl/tls alert bad certificate",
      "SSL error: sslv3 alert certificate unknown",
      "SSL error: tlsv1 alert decrypt error",
    ],
    openssl: [
      "SSL alert number 42",
      "SSL alert number 46",
      "SSL routines:ssl3_read_bytes:sslv3 alert bad certificate",
    ],
    node: ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN"],
    jdbc: ["Received fatal alert: bad_certificate", "Received fatal alert: certificate_unknown"],
    go: ["remote error: tls: bad certificate", "remote error: tls: unknown certificate"],
    rust: ["received fatal alert: BadCertificate", "received fatal alert: CertificateUnknown"],
    python: ["[SSL: SSLV3_ALERT_BAD_CERTIFICATE] sslv3 alert bad certificate (_ssl.c:…)"],
  },
  "client-certificate-unknown-ca": {
    libpq: ["SSL error: tlsv1 alert unknown ca"],
    openssl: ["SSL alert number 48", "SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca"],
    node: ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"],
    jdbc: ["Received fatal alert: unknown_ca"],
    go: ["remote error: tls: unknown certificate authority"],
    rust: ["received fatal alert: UnknownCA"],
    python: ["[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca (_ssl.c:…)"],
    server: ["Client certificate verification failed at depth …: unable to get local issuer certificate."],
  },
  "client-certificate-revoked": {
    libpq: ["SSL error: sslv3 alert certificate revoked", "SSL error: ssl/tls alert certificate revoked"],
    openssl: ["SSL alert number 44", "SSL routines:ssl3_read_bytes:sslv3 alert certificate revoked"],
    node: ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED"],
    jdbc: ["Received fatal alert: certificate_revoked"],
    go: ["remote error: tls: revoked certificate"],
    rust: ["received fatal alert: CertificateRevoked"],
    server: ["Client certificate verification failed at depth …: certificate revoked."],
  },
  "client-certificate-wrong-purpose": {
    libpq: [
      "SSL error: sslv3 alert unsupported certificate",
      "SSL error: ssl/tls alert unsupported certificate",
    ],
    openssl: ["SSL alert number 43", "SSL routines:ssl3_read_bytes:sslv3 alert unsupported certificate"],
    node: ["ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"],
    jdbc: ["Received fatal alert: unsupported_certificate"],
    go: ["remote error: tls: unsupported certificate"],
    rust: ["received fatal alert: UnsupportedCertificate"],
    server: ["Client certificate verification failed at depth …: unsuitable certificate purpose."],
  },
  "client-certificate-expired": {
    libpq: ["SSL error: sslv3 alert certificate expired", "SSL error: ssl/tls alert certificate expired"],
    openssl: ["SSL alert number 45", "SSL routines:ssl3_read_bytes:sslv3 alert certificate expired"],
    node: ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED"],
    jdbc: ["Received fatal alert: certificate_expired"],
    go: ["remote error: tls: expired certificate"],
    rust: ["received fatal alert: CertificateExpired"],
    python: ["[SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED] sslv3 alert certificate expired (_ssl.c:…)"],
    server: ["Client certificate verification failed at depth …: certificate has expired."],
  },
};
