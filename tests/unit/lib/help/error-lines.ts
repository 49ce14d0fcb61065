import type { ProblemCode } from "#lib/problems/catalogue.ts";

/** Lines as people paste them, whole, with names and addresses in them, and the code that has to come first. */
export const errorLines: readonly (readonly [line: string, code: ProblemCode])[] = [
  // the way there
  [
    'psql: error: could not translate host name "db.exmaple.com" to address: Name or service not known',
    "net-name-unknown",
  ],
  [
    'psql: error: could not translate host name "db.prod.internal" to address: nodename nor servname provided, or not known',
    "net-name-unknown",
  ],
  [
    "Error: getaddrinfo ENOTFOUND base at GetAddrInfoReqWrap.onlookup [as oncomplete] (node:dns:109:26)",
    "net-name-unknown",
  ],
  [
    "org.postgresql.util.PSQLException: The connection attempt failed. Caused by: java.net.UnknownHostException: shop-db.internal",
    "net-name-unknown",
  ],
  [
    "failed to connect to `user=app database=shop`: hostname resolving error: lookup pg.corp.example on 10.0.0.2:53: no such host",
    "net-name-unknown",
  ],
  [
    "error connecting to server: failed to lookup address information: Name or service not known",
    "net-name-unknown",
  ],
  [
    "Npgsql.NpgsqlException: Exception while connecting ---> System.Net.Sockets.SocketException (11001): No such host is known.",
    "net-name-unknown",
  ],
  ["getaddrinfo EAI_AGAIN postgres", "net-name-temporary"],
  ["psycopg.OperationalError: [Errno -3] Temporary failure in name resolution", "net-name-temporary"],
  [
    'psql: error: connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?',
    "net-refused",
  ],
  [
    "Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)",
    "net-refused",
  ],
  [
    "Connection to localhost:5432 refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.",
    "net-refused",
  ],
  [
    "failed to connect to `host=10.1.2.3 user=postgres database=shop`: dial error (dial tcp 10.1.2.3:5432: connect: connection refused)",
    "net-refused",
  ],
  [
    "Npgsql.NpgsqlException (0x80004005): Failed to connect to 127.0.0.1:5432\n ---> System.Net.Sockets.SocketException (111): Connection refused",
    "net-refused",
  ],
  ["ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 5432)", "net-refused"],
  ["Error: P1001: Can't reach database server at `db.example.com`:`5432`", "net-refused"],
  [
    'psql: error: connection to server at "db.example.com" (203.0.113.9), port 5432 failed: Connection timed out\n\tIs the server running on that host and accepting TCP/IP connections?',
    "net-timeout",
  ],
  ['connection to server at "203.0.113.9", port 5432 failed: timeout expired', "net-timeout"],
  ["java.net.SocketTimeoutException: connect timed out", "net-timeout"],
  ["failed to connect to `host=db user=app`: dial tcp 192.0.2.14:5432: i/o timeout", "net-timeout"],
  ["Error: connect ETIMEDOUT 192.0.2.14:5432", "net-timeout"],
  ["Error: Connection terminated due to connection timeout", "net-timeout"],
  ["System.TimeoutException: The operation has timed out.", "net-timeout"],
  ['connection to server at "2a05:d014::1", port 5432 failed: Network is unreachable', "net-unreachable"],
  ["Error: connect EHOSTUNREACH 10.9.8.7:5432", "net-unreachable"],
  ["java.net.NoRouteToHostException: No route to host (Host unreachable)", "net-unreachable"],
  ["could not receive data from server: Connection reset by peer", "net-reset"],
  ["Error: read ECONNRESET at TCP.onStreamRead (node:internal/stream_base_commons:217:20)", "net-reset"],
  [
    "System.IO.IOException: Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host.",
    "net-reset",
  ],
  [
    "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.",
    "net-closed",
  ],
  [
    "Error: Connection terminated unexpectedly\n    at Connection.<anonymous> (/app/node_modules/pg/lib/client.js:132:73)",
    "net-closed",
  ],
  ["org.postgresql.util.PSQLException: An I/O error occurred while sending to the backend.", "net-closed"],
  [
    'psql: error: connection to server at "db.example.com" (203.0.113.9), port 80 failed: received invalid response to SSL negotiation: H',
    "net-not-postgres",
  ],
  // TLS
  [
    'psql: error: connection to server at "db" (10.0.0.5), port 6432 failed: server does not support SSL, but SSL was required',
    "tls-not-offered",
  ],
  ["Error: The server does not support SSL connections", "tls-not-offered"],
  ["pq: SSL is not enabled on the server", "tls-not-offered"],
  ["tls error: server refused TLS connection", "tls-not-offered"],
  ['ConnectionError: PostgreSQL server at "10.0.0.5:5432" rejected SSL upgrade', "tls-not-offered"],
  [
    "Npgsql.NpgsqlException: SSL connection requested. No SSL enabled connection from this host is configured.",
    "tls-not-offered",
  ],
  [
    'connection to server at "old-db" (10.0.0.6), port 5432 failed: SSL error: tlsv1 alert protocol version',
    "tls-version-refused",
  ],
  ["javax.net.ssl.SSLHandshakeException: Received fatal alert: protocol_version", "tls-version-refused"],
  [
    "write EPROTO 00B7F4: error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:ssl/record/rec_layer_s3.c:1605:SSL alert number 70",
    "tls-version-refused",
  ],
  ["javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure", "tls-cipher-refused"],
  [
    'connection to server at "db.example.com", port 5432 failed: SSL error: sslv3 alert handshake failure',
    "tls-cipher-refused",
  ],
  [
    "PostgreSQL connection failed: error performing TLS handshake: received fatal alert: HandshakeFailure",
    "tls-cipher-refused",
  ],
  ["SSL SYSCALL error: EOF detected", "tls-direct-refused"],
  ["tls: first record does not look like a TLS handshake", "tls-direct-refused"],
  ["[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)", "tls-direct-refused"],
  ["Client network socket disconnected before secure TLS connection was established", "tls-closed"],
  ["javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake", "tls-closed"],
  ["ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:1129)", "tls-closed"],
  ["remote error: tls: no application protocol", "tls-alpn-refused"],
  // the chain
  [
    'psql: error: connection to server at "192.168.1.100", port 5432 failed: SSL error: certificate verify failed',
    "tls-unknown-ca",
  ],
  [
    "Error: self-signed certificate in certificate chain\n    at TLSSocket.onConnectSecure (node:_tls_wrap:1674:34) { code: 'SELF_SIGNED_CERT_IN_CHAIN' }",
    "tls-unknown-ca",
  ],
  [
    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1000)",
    "tls-unknown-ca",
  ],
  ["certificate verify failed: unable to get local issuer", "tls-unknown-ca"],
  ["tls: failed to verify certificate: x509: certificate signed by unknown authority", "tls-unknown-ca"],
  ["error performing TLS handshake: invalid peer certificate: UnknownIssuer", "tls-unknown-ca"],
  [
    "javax.net.ssl.SSLHandshakeException: (certificate_unknown) PKIX path validation failed: java.security.cert.CertPathValidatorException: Path does not chain with any of the trust anchors",
    "tls-unknown-ca",
  ],
  [
    "SSL error: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
    "tls-unknown-ca",
  ],
  [
    "System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot",
    "tls-unknown-ca",
  ],
  [
    "DB connection failed: error performing TLS handshake: The certificate was not trusted.",
    "tls-unknown-ca",
  ],
  ["Error: self-signed certificate { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }", "tls-self-signed"],
  [
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate (_ssl.c:1129)",
    "tls-self-signed",
  ],
  ["self signed certificate", "tls-self-signed"],
  [
    "Error: unable to verify the first certificate code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'",
    "tls-intermediate-missing",
  ],
  [
    "The remote certificate is invalid because of errors in the certificate chain: PartialChain",
    "tls-intermediate-missing",
  ],
  ["Error: unable to get issuer certificate", "tls-anchor-is-intermediate"],
  ["psql: error: SSL error: unregistered scheme", "psql-unregistered-scheme"],
  ["Error: certificate has expired { code: 'CERT_HAS_EXPIRED' }", "tls-expired"],
  [
    "x509: certificate has expired or is not yet valid: current time 2026-11-27T02:20:11Z is after 2026-11-01T00:00:00Z",
    "tls-expired",
  ],
  ["java.security.cert.CertificateExpiredException: NotAfter: Sun Nov 01 00:00:00 UTC 2026", "tls-expired"],
  ["invalid peer certificate: Expired", "tls-expired"],
  [
    "x509: certificate has expired or is not yet valid: current time 2026-11-27T02:20:11Z is before 2027-01-01T00:00:00Z",
    "tls-not-yet-valid",
  ],
  ["Error: certificate revoked", "tls-revoked"],
  ["Error: unable to get certificate CRL", "tls-crl-missing"],
  ["x509: certificate specifies an incompatible key usage", "tls-wrong-purpose"],
  ["Error: CA signature digest algorithm too weak", "tls-weak-signature"],
  [
    "x509: cannot verify signature: insecure algorithm SHA1-RSA (temporarily override with GODEBUG=x509sha1=1)",
    "tls-weak-signature",
  ],
  [
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: EE certificate key too weak (_ssl.c:1006)",
    "tls-weak-key",
  ],
  // the name
  [
    'psql: error: connection to server at "10.0.0.5", port 5432 failed: server certificate for "db.internal" (and 2 other names) does not match host name "10.0.0.5"',
    "tls-hostname-mismatch",
  ],
  [
    "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: db.example.com. is not in the cert's altnames: DNS:*.internal",
    "tls-hostname-mismatch",
  ],
  [
    "The hostname 10.20.30.40 could not be verified by hostnameverifier PgjdbcHostnameVerifier.",
    "tls-hostname-mismatch",
  ],
  [
    "certificate verify failed: Hostname mismatch, certificate is not valid for 'db.example.com'. (_ssl.c:1000)",
    "tls-hostname-mismatch",
  ],
  ["x509: certificate is valid for db.internal, not db.example.com", "tls-hostname-mismatch"],
  [
    "x509: cannot validate certificate for 10.0.0.5 because it doesn't contain any IP SANs",
    "tls-hostname-mismatch",
  ],
  ["invalid peer certificate: NotValidForName", "tls-hostname-mismatch"],
  [
    "The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch",
    "tls-hostname-mismatch",
  ],
  ["hostname mismatch", "tls-hostname-mismatch"],
  // client certificates
  ["remote error: tls: certificate required", "client-certificate-required"],
  [
    "javax.net.ssl.SSLHandshakeException: Received fatal alert: bad_certificate",
    "client-certificate-refused",
  ],
  [
    "[PostgreSQL error] failed to retrieve PostgreSQL server_version_num: tlsv1 alert unknown ca",
    "client-certificate-unknown-ca",
  ],
  [
    "error:0A000415:SSL routines:ssl3_read_bytes:sslv3 alert certificate expired",
    "client-certificate-expired",
  ],
  ["received fatal alert: CertificateRevoked", "client-certificate-revoked"],
  [
    'certificate present, but private key file "client.key" does not match certificate: key values mismatch',
    "key-not-for-certificate",
  ],
  ["tls: private key does not match public key", "key-not-for-certificate"],
  [
    'could not load private key file "/home/me/.postgresql/postgresql.key": bad decrypt',
    "key-passphrase-wrong",
  ],
  ["error:1E08010C:DECODER routines::unsupported", "key-unreadable"],
  ["error:0480006C:PEM routines::no start line", "pem-not-a-certificate"],
  [
    'root certificate file "/root/.postgresql/root.crt" does not exist\nEither provide the file, use the system\'s trusted roots with sslrootcert=system, or change sslmode to disable server certificate verification.',
    "trust-no-ca",
  ],
  ['weak sslmode "require" may not be used with sslrootcert=system (use "verify-full")', "trust-weak-mode"],
  // signing in
  [
    'psql: error: connection to server at "matrix-postgres" (172.18.0.2), port 5432 failed: FATAL:  no pg_hba.conf entry for host "172.18.0.3", user "matrix", database "matrix", no encryption',
    "auth-tls-required",
  ],
  [
    'psycopg2.OperationalError: FATAL:  no pg_hba.conf entry for host "12.34.56.789", user "my_user", database "foobar", SSL off',
    "auth-tls-required",
  ],
  ["FATAL: SSL required", "auth-tls-required"],
  ["ERROR:  connection is insecure (try using `sslmode=require`)", "auth-tls-required"],
  [
    'FATAL:  no pg_hba.conf entry for host "10.35.56.25", user "ec2-user", database "batch", SSL encryption',
    "auth-rule-missing",
  ],
  [
    'psycopg2.OperationalError: FATAL:  no pg_hba.conf entry for host "10.35.56.25", user "ec2-user", database "batch"',
    "auth-rule-missing",
  ],
  ["no pg_hba.conf entry", "auth-rule-missing"],
  [
    'FATAL:  pg_hba.conf rejects connection for host "127.0.0.1", user "postgres", database "shop", SSL encryption',
    "auth-rule-reject",
  ],
  ["FATAL:  connection requires a valid client certificate", "auth-client-certificate-missing"],
  ['FATAL: certificate authentication failed for user "kong"', "auth-client-certificate-other-user"],
  [
    'psql: error: connection to server at "localhost" (::1), port 5432 failed: FATAL:  password authentication failed for user "postgres"',
    "auth-password-wrong",
  ],
  [
    "Error: P1000: Authentication failed against database server at `localhost`, the provided database credentials for `app` are not valid.",
    "auth-password-wrong",
  ],
  [
    'failed SASL auth (FATAL: password authentication failed for user "app" (SQLSTATE 28P01))',
    "auth-password-wrong",
  ],
  ["28P01", "auth-password-wrong"],
  ["Error: SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string", "auth-password-missing"],
  ["fe_sendauth: no password supplied", "auth-password-missing"],
  [
    "One or more errors occurred. (No password has been provided but the backend requires one (in MD5))",
    "auth-password-missing",
  ],
  ['FATAL:  role "root" does not exist', "auth-role-unknown"],
  ['FATAL:  Peer authentication failed for user "postgres"', "auth-refused"],
  [
    "The authentication type 10 is not supported. Check that you have configured the pg_hba.conf file to include the client's IP address or subnet, and that it is using an authentication scheme supported by the driver.",
    "auth-method-refused",
  ],
  [
    "channel binding is required, but server did not offer an authentication method that supports channel binding",
    "auth-channel-binding-unavailable",
  ],
  ["FATAL:  SCRAM channel binding check failed", "auth-channel-binding-failed"],
  ['FATAL:  PAM authentication failed for user "iam_user"', "auth-token-expired"],
  ["FATAL: unable to accept connection, access denied", "auth-token-refused"],
  ["unable to accept connection, sni was not received", "auth-sni-required"],
  ["FATAL: Tenant or user not found", "auth-pooler-tenant-unknown"],
  ["botocore.exceptions.NoCredentialsError: Unable to locate credentials", "auth-token-credentials-missing"],
  // the session
  ['FATAL:  database "shopp" does not exist', "database-unknown"],
  ["3D000", "database-unknown"],
  ["FATAL:  sorry, too many clients already", "server-too-many-connections"],
  [
    "FATAL: remaining connection slots are reserved for non-replication superuser connections",
    "server-too-many-connections",
  ],
  ["FATAL:  the database system is starting up", "server-starting"],
  ["FATAL:  terminating connection due to administrator command", "server-shutting-down"],
  ["ERROR: unsupported startup parameter: extra_float_digits", "startup-parameter-refused"],
  [
    "Your project has exceeded the compute time quota. Upgrade your plan to increase limits.",
    "server-paused",
  ],
];

/** As people type: slips, no order, other languages. */
export const looseSearches: readonly (readonly [search: string, code: ProblemCode])[] = [
  ["self sigend certficate", "tls-self-signed"],
  ["self signed", "tls-self-signed"],
  ["selfsigned", "tls-self-signed"],
  ["hostnam mismatch", "tls-hostname-mismatch"],
  ["certifcate has expird", "tls-expired"],
  ["econnrefusd", "net-refused"],
  ["pasword wrong", "auth-password-wrong"],
  ["PG_HBA", "auth-rule-missing"],
  ["cert has expired", "tls-expired"],
  ["tls-expired", "tls-expired"],
  ["ssl off", "auth-tls-required"],
  ["unable to verify first certificate", "tls-intermediate-missing"],
  ["UNKNOWN ISSUER", "tls-unknown-ca"],
  ["too many clients", "server-too-many-connections"],
  ["name or service not kno", "net-name-unknown"],
];
