import "server-only";
import type { PhraseTable } from "../programs.ts";

/** What is said of strings, certificates and keys before anything is dialled. */
export const inputPhrases: PhraseTable = {
  "string-malformed": {
    libpq: [
      'missing "=" after "…" in connection info string',
      "unterminated quoted string in connection info string",
      'invalid URI query parameter: "…"',
      'invalid percent-encoded token: "…"',
      'forbidden value %00 in percent-encoded value: "…"',
      'unexpected character "…" in position … in URI',
    ],
    node: ["TypeError: Invalid URL", "URIError: URI malformed", "ERR_INVALID_URL"],
    jdbc: ["Unable to parse URL jdbc:postgresql:…", "Invalid JDBC URL"],
    go: [
      "cannot parse `…`: failed to parse as keyword/value (invalid keyword/value)",
      "failed to parse as URL (parse …: net/url: invalid userinfo)",
      "invalid port … after host",
    ],
    rust: ["invalid connection string: …", "error parsing connection string"],
    prisma: ["P1013: The provided database string is invalid. invalid port number in database URL"],
    dotnet: ["Format of the initialization string does not conform to specification starting at index …"],
  },
  "string-unknown-form": {
    jdbc: ["No suitable driver found for jdbc:…"],
    prisma: ["P1012: the URL must start with the protocol postgresql:// or postgres://"],
    python: ['invalid DSN: scheme is expected to be either "postgresql" or "postgres"'],
  },
  "string-sslmode-unknown": {
    libpq: ['invalid sslmode value: "…"', 'invalid connection option "ssl"'],
    jdbc: ["Invalid sslmode value: …"],
    go: [
      'pq: unsupported sslmode "…"; only "require" (default), "verify-full", "verify-ca", and "disable" supported',
      "sslmode is invalid",
    ],
    python: ["`sslmode` parameter must be one of: disable, allow, prefer, require, verify-ca, verify-full"],
    rust: ["invalid value for option `sslmode`", 'unknown value "…" for `ssl_mode`'],
    dotnet: ["Requested value '…' was not found."],
  },
  "string-parameter-unsupported": {
    libpq: [
      'invalid connection option "…"',
      'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory',
    ],
    node: ["connect ENOENT /var/run/postgresql/.s.PGSQL.5432"],
    rust: ["unknown option `…`"],
    dotnet: ["Couldn't set … (Parameter '…'): Keyword not supported"],
    go: ['pq: unrecognized configuration parameter "…"'],
  },
  "pem-not-a-certificate": {
    libpq: [
      'could not read certificate file "…": no start line',
      'could not read root certificate file "…": no certificate or crl found',
    ],
    openssl: [
      "PEM routines:get_name:no start line: Expecting: CERTIFICATE",
      "Could not read certificate from …",
    ],
    node: ["ERR_OSSL_PEM_NO_START_LINE", "error:0480006C:PEM routines::no start line"],
    jdbc: [
      "Could not parse certificate: java.io.IOException: Empty input",
      "No certificate data found",
      "extra data given to DerValue constructor",
      "java.security.cert.CertificateException: Unable to initialize, java.io.IOException: Short read of DER length",
    ],
    go: ["tls: failed to find any PEM data in certificate input", "unable to add CA to cert pool"],
    rust: ["invalid peer certificate: BadEncoding", "no certificates found in PEM"],
    dotnet: ["Cannot find the requested object."],
  },
  "pem-truncated": {
    openssl: ["bad end line", "PEM routines:PEM_read_bio_ex:bad end line"],
    node: ["ERR_OSSL_PEM_BAD_END_LINE", "error:04800066:PEM routines::bad end line"],
    jdbc: ["java.io.IOException: Incomplete data", "Incomplete PEM block"],
  },
  "pem-unusable": {
    openssl: [
      "PEM routines::bad base64 decode",
      "asn1 encoding routines::wrong tag",
      "asn1 encoding routines::header too long",
    ],
    node: ["ERR_OSSL_PEM_BAD_BASE64_DECODE", "ERR_OSSL_ASN1_WRONG_TAG"],
    jdbc: ["java.io.IOException: Incomplete BER/DER data", "Illegal base64 character"],
    go: ["x509: malformed certificate", "asn1: structure error: tags don't match"],
  },
  "key-unreadable": {
    libpq: [
      'could not load private key file "…": unsupported',
      'could not load private key file "…": no start line',
    ],
    openssl: ["Could not read private key from …", "unable to load Private Key"],
    node: ["ERR_OSSL_UNSUPPORTED", "error:1E08010C:DECODER routines::unsupported"],
    jdbc: [
      "Could not read SSL key file …",
      "java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: invalid key format",
      "Could not find a java cryptographic algorithm: …",
    ],
    go: ["tls: failed to find any PEM data in key input", "tls: failed to parse private key"],
    rust: ["no private keys found", "failed to parse private key as RSA, ECDSA, or EdDSA"],
    dotnet: [
      "No supported key formats were found. Check that the input represents the contents of a PEM-encoded key file",
    ],
  },
  "key-format-unsupported": {
    node: ["error:1E08010C:DECODER routines::unsupported (BEGIN OPENSSH PRIVATE KEY)"],
    jdbc: ["Key file must be PKCS-8 DER or PKCS-12"],
    openssl: ["BEGIN OPENSSH PRIVATE KEY"],
  },
  "key-cipher-unsupported": {
    openssl: [
      "digital envelope routines:inner_evp_generic_fetch:unsupported",
      "unsupported (RC2-40-CBC)",
      "unknown cipher",
    ],
    node: ["ERR_OSSL_EVP_UNSUPPORTED", "error:0308010C:digital envelope routines::unsupported"],
    go: ["x509: unknown encryption scheme", "pkcs8: unsupported PBES2 cipher"],
  },
  "key-passphrase-missing": {
    libpq: ['could not load private key file "…": bad password read', "Enter PEM pass phrase:"],
    node: [
      "ERR_MISSING_PASSPHRASE",
      "Passphrase required for encrypted key",
      "ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED",
    ],
    jdbc: [
      "Could not read password for SSL key file by callbackhandler …",
      "The SSLKey password is required",
    ],
    go: ["unable to find sslpassword", "key is encrypted but no password given"],
    python: ["Password was not given but private key is encrypted"],
  },
  "key-passphrase-wrong": {
    libpq: ['could not load private key file "…": bad decrypt'],
    openssl: [
      "digital envelope routines:EVP_DecryptFinal_ex:bad decrypt",
      "Provider routines:ossl_cipher_unpadblock:bad decrypt",
      "maybe wrong password",
    ],
    node: ["ERR_OSSL_BAD_DECRYPT", "ERR_OSSL_EVP_BAD_DECRYPT"],
    jdbc: [
      "Could not decrypt SSL key file …",
      "Given final block not properly padded. Such issues can arise if a bad key is used during decryption.",
      "keystore password was incorrect",
    ],
    go: ["x509: decryption password incorrect", "pkcs8: incorrect password"],
  },
  "key-not-for-certificate": {
    libpq: ['certificate present, but private key file "…" does not match certificate: key values mismatch'],
    openssl: ["x509 certificate routines:X509_check_private_key:key values mismatch", "key type mismatch"],
    node: [
      "ERR_OSSL_X509_KEY_VALUES_MISMATCH",
      "error:05800074:x509 certificate routines::key values mismatch",
    ],
    go: [
      "tls: private key does not match public key",
      "tls: private key type does not match public key type",
    ],
    rust: ["keys may not be consistent: KeyMismatch", "InconsistentKeys(KeyMismatch)"],
    python: ["[X509: KEY_VALUES_MISMATCH] key values mismatch (_ssl.c:…)"],
    dotnet: ["The provided key does not match the public key for this certificate."],
  },
  "key-without-certificate": {
    openssl: ["no certificate assigned"],
    go: ['both "sslcert" and "sslkey" are required'],
    node: ["ERR_OSSL_SSL_NO_CERTIFICATE_ASSIGNED"],
  },
  "certificate-without-key": {
    libpq: ['certificate present, but not private key file "…"'],
    go: ['both "sslcert" and "sslkey" are required'],
    openssl: ["no private key assigned"],
    dotnet: ["The server mode SSL must use a certificate with the associated private key."],
  },
  "crl-unreadable": {
    node: ["Failed to parse CRL"],
    openssl: ["unable to load CRL", "Could not read CRL from …"],
    jdbc: ["java.security.cert.CRLException: Unable to initialize CRL"],
  },
  "pkcs12-password-wrong": {
    openssl: ["Mac verify error: invalid password?", "PKCS12 routines:PKCS12_parse:mac verify failure"],
    node: ["mac verify failure"],
    jdbc: ["keystore password was incorrect", "java.io.IOException: keystore password was incorrect"],
    dotnet: [
      "The specified network password is not correct.",
      "The certificate data cannot be read with the provided password, the password may be incorrect.",
    ],
    go: ["pkcs12: decryption password incorrect"],
  },
  "pkcs12-unsupported": {
    node: ["Unsupported PKCS12 PFX data", "ERR_CRYPTO_UNSUPPORTED_OPERATION"],
    openssl: ["Algorithm (RC2-40-CBC : 0), Properties ()"],
    go: ["pkcs12: unknown digest algorithm", "pkcs12: unknown algorithm identifier"],
  },
  "trust-no-ca": {
    libpq: [
      'root certificate file "…" does not exist. Either provide the file, use the system\'s trusted roots with sslrootcert=system, or change sslmode to disable server certificate verification.',
      "could not get home directory to locate root certificate file",
    ],
    jdbc: ["Could not open SSL root certificate file …", "the trustAnchors parameter must be non-empty"],
    node: [
      "SECURITY WARNING: Using sslmode=verify-ca requires specifying a CA with sslrootcert.",
      "ENOENT: no such file or directory, open '…root.crt'",
    ],
    go: ["unable to read CA file: open …: no such file or directory"],
    python: [
      'root certificate file "…" does not exist',
      "cannot determine location of user PostgreSQL configuration directory",
    ],
    rust: ["failed to read root certificate …: No such file or directory (os error 2)"],
  },
  "trust-system-store-missing": {
    libpq: ["could not load system root certificate paths: …"],
    go: [
      "x509: system root pool is not available on Windows",
      "x509: failed to load system roots and no roots provided",
    ],
    rust: ["no native root CA certificates found", "could not load platform certs"],
  },
  "trust-weak-mode": {
    libpq: [
      'weak sslmode "…" may not be used with sslrootcert=system (use "verify-full")',
      'weak sslmode "…" may not be used with sslnegotiation=direct (use "require", "verify-ca", or "verify-full")',
    ],
  },
  "tls-range-empty": {
    libpq: [
      "invalid SSL protocol version range",
      'invalid "ssl_min_protocol_version" value: "…"',
      "could not set minimum SSL protocol version",
    ],
    node: ["ERR_TLS_INVALID_PROTOCOL_VERSION", "ERR_TLS_PROTOCOL_VERSION_CONFLICT"],
    openssl: ["no protocols available"],
  },
  "setting-invalid": {
    libpq: ['invalid port number: "…"', 'invalid integer value "…" for connection option "…"'],
    node: ["RangeError [ERR_SOCKET_BAD_PORT]: Port should be >= 0 and < 65536"],
    jdbc: ["JDBC URL port: … not valid (1:65535)"],
    go: ["invalid port (strconv.ParseUint: parsing …: value out of range)"],
  },
};
