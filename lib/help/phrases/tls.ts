import "server-only";
import type { PhraseTable } from "../programs.ts";

/** What is said of TLS and of the server's certificate. libpq has one message for all that is wrong with a chain. */
export const tlsPhrases: PhraseTable = {
  "tls-not-offered": {
    libpq: ["server does not support SSL, but SSL was required"],
    jdbc: ["The server does not support SSL."],
    node: ["The server does not support SSL connections"],
    python: ['ConnectionError: PostgreSQL server at "…" rejected SSL upgrade', "rejected SSL upgrade"],
    go: ["pq: SSL is not enabled on the server", "tls error (server refused TLS connection)"],
    rust: [
      "error performing TLS handshake: server does not support TLS",
      "tls is required but the server does not support it",
      "server does not support TLS",
    ],
    dotnet: ["SSL connection requested. No SSL enabled connection from this host is configured."],
    prisma: ["Error opening a TLS connection: server does not support TLS"],
  },
  "tls-version-refused": {
    libpq: [
      "SSL error: tlsv1 alert protocol version",
      "SSL error: unsupported protocol",
      "This may indicate that the server does not support any SSL protocol version between TLSv1.2 and TLSv1.3.",
    ],
    openssl: [
      "SSL alert number 70",
      "SSL routines:tls_process_server_hello:unsupported protocol",
      "SSL routines:ssl_choose_client_version:unsupported protocol",
    ],
    jdbc: [
      "Received fatal alert: protocol_version",
      "No appropriate protocol (protocol is disabled or cipher suites are inappropriate)",
      "The server selected protocol version … is not accepted by client preferences",
    ],
    node: ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "ERR_SSL_UNSUPPORTED_PROTOCOL"],
    python: [
      "[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version (_ssl.c:…)",
      "[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol",
    ],
    go: [
      "remote error: tls: protocol version not supported",
      "tls: server selected unsupported protocol version …",
    ],
    rust: [
      "received fatal alert: ProtocolVersion",
      "peer is incompatible: ServerDoesNotSupportTls12Or13",
      "peer doesn't support any known protocol",
    ],
    windows: ["The client and server cannot communicate, because they do not possess a common algorithm"],
  },
  "tls-cipher-refused": {
    libpq: [
      "SSL error: sslv3 alert handshake failure",
      "SSL error: ssl/tls alert handshake failure",
      "SSL error: no shared cipher",
      "SSL error: dh key too small",
    ],
    openssl: [
      "SSL alert number 40",
      "SSL routines:tls_post_process_client_hello:no shared cipher",
      "SSL routines:tls_process_ske_dhe:dh key too small",
    ],
    jdbc: ["Received fatal alert: handshake_failure", "no cipher suites in common"],
    node: [
      "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
      "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE",
      "ERR_SSL_NO_CIPHER_MATCH",
    ],
    go: ["remote error: tls: handshake failure", "tls: no cipher suite supported by both client and server"],
    rust: ["received fatal alert: HandshakeFailure", "peer is incompatible: NoCipherSuitesInCommon"],
    python: ["[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:…)"],
    dotnet: [
      "Interop+Crypto+OpenSslCryptographicException: error:0A000410:SSL routines::sslv3 alert handshake failure",
      "Authentication failed, see inner exception.",
    ],
  },
  "tls-curve-unsupported": {
    openssl: [
      "SSL routines:tls_process_cert_verify:wrong curve",
      "SSL routines::no suitable signature algorithm",
      "unsupported elliptic curve",
    ],
    go: ["x509: unsupported elliptic curve"],
    jdbc: ["Unknown named curve: 1.3.36.3.3.2.8.1.1.7"],
  },
  "tls-direct-refused": {
    libpq: [
      "SSL SYSCALL error: EOF detected",
      "SSL error: unexpected eof while reading",
      "SSL error: wrong version number",
    ],
    openssl: ["SSL routines:ssl3_get_record:wrong version number", "SSL routines::packet length too long"],
    node: ["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"],
    server: [
      "invalid length of startup packet",
      "unsupported frontend protocol …",
      "received direct SSL connection request without ALPN protocol negotiation extension",
    ],
    python: ["[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:…)"],
    go: ["tls: first record does not look like a TLS handshake"],
    rust: ["received corrupt message of type InvalidContentType"],
    jdbc: ["Unsupported or unrecognized SSL message"],
  },
  "tls-alpn-refused": {
    libpq: [
      "direct SSL connection was established without ALPN protocol negotiation extension",
      "SSL connection was established with unexpected ALPN protocol",
    ],
    openssl: ["SSL alert number 120", "tlsv1 alert no application protocol"],
    node: ["ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL"],
    go: ["remote error: tls: no application protocol", "tls: server selected unadvertised ALPN protocol"],
    rust: ["received fatal alert: NoApplicationProtocol"],
    jdbc: ["Received fatal alert: no_application_protocol"],
    server: ["received direct SSL connection request with unexpected ALPN protocol"],
  },
  "tls-closed": {
    node: ["Client network socket disconnected before secure TLS connection was established"],
    libpq: [
      "SSL SYSCALL error: EOF detected",
      "SSL SYSCALL error: Connection reset by peer",
      "SSL error: unexpected eof while reading",
    ],
    openssl: ["SSL routines::unexpected eof while reading", "SSL_ERROR_SYSCALL"],
    jdbc: ["Remote host terminated the handshake", "SSL peer shut down incorrectly"],
    python: [
      "ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:…)",
      "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol",
    ],
    rust: ["error performing TLS handshake: unexpected EOF", "tls handshake eof"],
    go: ["tls error (EOF)"],
    dotnet: ["Received an unexpected EOF or 0 bytes from the transport stream."],
    server: ["could not accept SSL connection: EOF detected"],
  },
  "tls-unknown-ca": {
    libpq: ["SSL error: certificate verify failed"],
    openssl: [
      "verify error:num=19:self-signed certificate in certificate chain",
      "verify error:num=20:unable to get local issuer certificate",
      "X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN",
      "tls_post_process_server_certificate:certificate verify failed",
    ],
    jdbc: [
      "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
      "Path does not chain with any of the trust anchors",
      "unable to find valid certification path to requested target",
    ],
    node: [
      "SELF_SIGNED_CERT_IN_CHAIN",
      "self-signed certificate in certificate chain",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "unable to get local issuer certificate",
      "if the root CA is installed locally, try running Node.js with --use-system-ca",
    ],
    python: [
      "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:…)",
      "certificate verify failed: self-signed certificate in certificate chain",
    ],
    go: [
      "tls: failed to verify certificate: x509: certificate signed by unknown authority",
      "x509: certificate signed by unknown authority",
    ],
    rust: [
      "invalid peer certificate: UnknownIssuer",
      "error performing TLS handshake: The certificate was not trusted.",
    ],
    dotnet: [
      "The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot",
      "The remote certificate is invalid according to the validation procedure: RemoteCertificateChainErrors",
      "The remote certificate was rejected by the provided RemoteCertificateValidationCallback.",
    ],
    windows: [
      "A certificate chain processed, but terminated in a root certificate which is not trusted by the trust provider.",
      "The certificate chain was issued by an authority that is not trusted.",
    ],
    prisma: [
      "P1011: Error opening a TLS connection: self-signed certificate in certificate chain",
      "Error opening a TLS connection: The certificate was not trusted.",
    ],
  },
  "tls-self-signed": {
    libpq: ["SSL error: certificate verify failed"],
    openssl: [
      "verify error:num=18:self-signed certificate",
      "verify error:num=18:self signed certificate",
      "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
    node: ["DEPTH_ZERO_SELF_SIGNED_CERT", "Error: self-signed certificate"],
    python: [
      "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:…)",
      "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate (_ssl.c:…)",
    ],
    go: [
      'x509: certificate signed by unknown authority (possibly because of "x509: invalid signature: parent certificate cannot sign this kind of certificate")',
    ],
    rust: [
      "invalid peer certificate: CaUsedAsEndEntity",
      "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
    ],
    jdbc: [
      "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
    ],
    dotnet: ["The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot"],
  },
  "psql-unregistered-scheme": {
    libpq: [
      "SSL error: unregistered scheme",
      "could not load system root certificate paths: unregistered scheme",
    ],
    openssl: ["STORE routines:OSSL_STORE_open_ex:unregistered scheme"],
  },
  "tls-intermediate-missing": {
    openssl: [
      "verify error:num=21:unable to verify the first certificate",
      "unable to verify the first certificate",
      "X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ],
    node: ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "Error: unable to verify the first certificate"],
    python: ["certificate verify failed: unable to verify the first certificate (_ssl.c:…)"],
    libpq: ["SSL error: certificate verify failed"],
    dotnet: [
      "The remote certificate is invalid because of errors in the certificate chain: PartialChain",
      "A certificate chain could not be built to a trusted root authority.",
    ],
    windows: ["A certificate chain could not be built to a trusted root authority."],
    jdbc: [
      "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
    ],
    go: ["x509: certificate signed by unknown authority"],
    rust: ["invalid peer certificate: UnknownIssuer"],
  },
  "tls-anchor-is-intermediate": {
    openssl: ["verify error:num=2:unable to get issuer certificate", "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT"],
    node: ["UNABLE_TO_GET_ISSUER_CERT", "Error: unable to get issuer certificate"],
    python: ["certificate verify failed: unable to get issuer certificate (_ssl.c:…)"],
    libpq: ["SSL error: certificate verify failed"],
  },
  "tls-expired": {
    libpq: ["SSL error: certificate verify failed"],
    openssl: ["verify error:num=10:certificate has expired", "X509_V_ERR_CERT_HAS_EXPIRED"],
    node: ["CERT_HAS_EXPIRED", "Error: certificate has expired"],
    jdbc: [
      "java.security.cert.CertificateExpiredException: NotAfter: …",
      "PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed",
    ],
    python: [
      "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:…)",
    ],
    go: ["x509: certificate has expired or is not yet valid: current time … is after …"],
    rust: [
      "invalid peer certificate: Expired",
      "invalid peer certificate: certificate expired: verification time …",
    ],
    dotnet: ["The remote certificate is invalid because of errors in the certificate chain: NotTimeValid"],
    windows: [
      "A required certificate is not within its validity period when verifying against the current system clock",
      "The certificate has expired",
    ],
  },
  "tls-not-yet-valid": {
    libpq: ["SSL error: certificate verify failed"],
    openssl: ["verify error:num=9:certificate is not yet valid", "X509_V_ERR_CERT_NOT_YET_VALID"],
    node: ["CERT_NOT_YET_VALID", "Error: certificate is not yet valid"],
    jdbc: ["java.security.cert.CertificateNotYetValidException: NotBefore: …"],
    python: ["certificate verify failed: certificate is not yet valid (_ssl.c:…)"],
    go: ["x509: certificate has expired or is not yet valid: current time … is before …"],
    rust: ["invalid peer certificate: NotValidYet", "invalid peer certificate: certificate not valid yet"],
  },
  "tls-revoked": {
    libpq: ["SSL error: certificate verify failed"],
    openssl: ["verify error:num=23:certificate revoked", "X509_V_ERR_CERT_REVOKED"],
    node: ["CERT_REVOKED", "Error: certificate revoked"],
    jdbc: ["java.security.cert.CertificateRevokedException: Certificate has been revoked, reason: …"],
    rust: ["invalid peer certificate: Revoked"],
    dotnet: ["The remote certificate is invalid because of errors in the certificate chain: Revoked"],
  },
  "tls-crl-missing": {
    libpq: ["SSL error: certificate verify failed"],
    openssl: ["verify error:num=3:unable to get certificate CRL", "X509_V_ERR_UNABLE_TO_GET_CRL"],
    node: ["UNABLE_TO_GET_CRL", "Error: unable to get certificate CRL", "CRL_HAS_EXPIRED"],
    jdbc: [
      "Could not determine revocation status",
      "java.security.cert.CertPathValidatorException: Could not determine revocation status",
    ],
    rust: ["invalid peer certificate: UnknownRevocationStatus"],
    dotnet: ["RevocationStatusUnknown, OfflineRevocation"],
    windows: [
      "The revocation function was unable to check revocation because the revocation server was offline.",
    ],
  },
  "tls-wrong-purpose": {
    libpq: ["SSL error: certificate verify failed"],
    openssl: [
      "verify error:num=26:unsupported certificate purpose",
      "verify error:num=26:unsuitable certificate purpose",
      "X509_V_ERR_INVALID_PURPOSE",
    ],
    node: ["INVALID_PURPOSE", "Error: unsuitable certificate purpose"],
    jdbc: ["Extended key usage does not permit use for TLS server authentication"],
    go: ["x509: certificate specifies an incompatible key usage"],
    rust: [
      "invalid peer certificate: InvalidPurpose",
      "certificate does not allow extended key usage for server authentication",
    ],
    dotnet: [
      "The remote certificate is invalid because of errors in the certificate chain: NotValidForUsage",
    ],
  },
  "tls-critical-extension": {
    openssl: ["verify error:num=34:unhandled critical extension", "X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION"],
    go: ["x509: unhandled critical extension"],
    jdbc: [
      "unrecognized critical extension(s)",
      "Certificate contains unsupported critical extensions: [..]",
    ],
    rust: ["invalid peer certificate: UnhandledCriticalExtension", "UnsupportedCriticalExtension"],
    libpq: ["SSL error: certificate verify failed"],
    dotnet: ["HasNotSupportedCriticalExtension"],
  },
  "tls-name-constraint": {
    openssl: [
      "verify error:num=47:permitted subtree violation",
      "verify error:num=48:excluded subtree violation",
    ],
    go: ["x509: a root or intermediate certificate is not authorized to sign for this name: …"],
    jdbc: ["name constraints check failed"],
    rust: ["invalid peer certificate: NameConstraintViolation"],
    libpq: ["SSL error: certificate verify failed"],
    dotnet: ["HasNotPermittedNameConstraint", "HasExcludedNameConstraint"],
  },
  "tls-issuer-not-allowed": {
    openssl: [
      "verify error:num=24:invalid CA certificate",
      "verify error:num=25:path length constraint exceeded",
      "key usage does not include certificate signing",
      "X509_V_ERR_INVALID_CA",
      "X509_V_ERR_PATH_LENGTH_EXCEEDED",
    ],
    node: ["INVALID_CA", "PATH_LENGTH_EXCEEDED", "Error: invalid CA certificate"],
    go: [
      "x509: too many intermediates for path length constraint",
      "x509: certificate is not authorized to sign other certificates",
    ],
    jdbc: ["basic constraints check failed: this is not a CA certificate", "pathLenConstraint violated"],
    rust: ["invalid peer certificate: PathLenConstraintViolated", "EndEntityUsedAsCa"],
    libpq: ["SSL error: certificate verify failed"],
    dotnet: ["InvalidBasicConstraints"],
  },
  "tls-certificate-refused": {
    openssl: [
      "certificate signature failure",
      "certificate rejected",
      "certificate not trusted",
      "RFC 3779 resource not subset of parent's resources",
    ],
    node: ["CERT_SIGNATURE_FAILURE", "CERT_REJECTED", "CERT_UNTRUSTED"],
    go: ["crypto/rsa: verification error"],
    rust: ["invalid peer certificate: BadSignature"],
    jdbc: ["java.security.SignatureException: Signature does not match.", "signature check failed"],
  },
  "tls-weak-key": {
    libpq: ["SSL error: ee key too small", "SSL error: certificate verify failed"],
    openssl: [
      "SSL routines:SSL_CTX_use_certificate:ee key too small",
      "EE certificate key too weak",
      "CA certificate key too weak",
    ],
    node: ["ERR_SSL_EE_KEY_TOO_SMALL", "Error: EE certificate key too weak"],
    jdbc: [
      "Algorithm constraints check failed on keysize limits: RSA 1024 bit key used with certificate",
      "Certificates do not conform to algorithm constraints (key size)",
    ],
    python: [
      "[SSL: EE_KEY_TOO_SMALL] ee key too small (_ssl.c:…)",
      "certificate verify failed: EE certificate key too weak",
    ],
    go: ["crypto/rsa: 1024-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"],
  },
  "tls-weak-signature": {
    libpq: ["SSL error: ca md too weak", "SSL error: certificate verify failed"],
    openssl: [
      "SSL routines:SSL_CTX_use_certificate:ca md too weak",
      "CA signature digest algorithm too weak",
    ],
    node: ["ERR_SSL_CA_MD_TOO_WEAK", "Error: CA signature digest algorithm too weak"],
    jdbc: [
      "Algorithm constraints check failed on signature algorithm: SHA1withRSA",
      "Algorithm constraints check failed on disabled algorithm: MD5",
    ],
    go: ["x509: cannot verify signature: insecure algorithm SHA1-RSA"],
    rust: ["invalid peer certificate: UnsupportedSignatureAlgorithm", "UnsupportedSignatureAlgorithmContext"],
    python: ["[SSL: CA_MD_TOO_WEAK] ca md too weak (_ssl.c:…)"],
  },
  "tls-pin-changed": {
    libpq: ["WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!"],
  },
  "tls-hostname-mismatch": {
    libpq: [
      'server certificate for "…" does not match host name "…"',
      'server certificate for "…" (and … other names) does not match host name "…"',
      "host name must be specified for a verified SSL connection",
      "could not get server's host name from server certificate",
    ],
    openssl: [
      "verify error:num=62:hostname mismatch",
      "verify error:num=64:IP address mismatch",
      "X509_V_ERR_HOSTNAME_MISMATCH",
    ],
    jdbc: [
      "The hostname … could not be verified by hostnameverifier PgjdbcHostnameVerifier.",
      "java.security.cert.CertificateException: No subject alternative DNS name matching … found.",
      "No subject alternative names matching IP address … found",
      "No name matching … found",
    ],
    node: [
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "Hostname/IP does not match certificate's altnames: Host: …. is not in the cert's altnames: DNS:…",
      "IP: … is not in the cert's list",
    ],
    python: [
      "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for '…'. (_ssl.c:…)",
      "certificate verify failed: IP address mismatch, certificate is not valid for '…'",
      "ssl.CertificateError: hostname '…' doesn't match '…'",
    ],
    go: [
      "x509: certificate is valid for …, not …",
      "x509: cannot validate certificate for … because it doesn't contain any IP SANs",
      "x509: certificate relies on legacy Common Name field, use SANs instead",
      "x509: certificate is not valid for any names, but wanted to match …",
    ],
    rust: [
      "invalid peer certificate: NotValidForName",
      'invalid peer certificate: certificate not valid for name "…"; certificate is only valid for …',
      "certificate verify failed: Hostname mismatch",
    ],
    dotnet: [
      "The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch",
    ],
    windows: [
      "The target principal name is incorrect.",
      "The certificate's CN name does not match the passed value.",
    ],
  },
};
