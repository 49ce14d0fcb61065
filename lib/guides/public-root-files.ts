/** A root that public stores hold, and where its authority publishes it as a file. */
export interface PublicRootFile {
  /** The subject's common name. */
  readonly name: string;
  /** SHA-256 of the certificate, upper-case hex pairs with colons. */
  readonly sha256: string;
  /** ISO 8601 date. */
  readonly validUntil: string;
  readonly address: string;
  /** What it is saved as. */
  readonly file: string;
  /** `der` has to be turned into PEM before libpq or a Linux store can read it. */
  readonly form: "pem" | "der";
}

/** By a name that is a file name's stem; a test compares each with the certificate in this machine's stores. */
export const publicRootFiles = {
  AmazonRootCA1: {
    name: "Amazon Root CA 1",
    sha256: "8E:CD:E6:88:4F:3D:87:B1:12:5B:A3:1A:C3:FC:B1:3D:70:16:DE:7F:57:CC:90:4F:E1:CB:97:C6:AE:98:19:6E",
    validUntil: "2038-01-17",
    address: "https://www.amazontrust.com/repository/AmazonRootCA1.pem",
    file: "AmazonRootCA1.pem",
    form: "pem",
  },
  DigiCertGlobalRootG2: {
    name: "DigiCert Global Root G2",
    sha256: "CB:3C:CB:B7:60:31:E5:E0:13:8F:8D:D3:9A:23:F9:DE:47:FF:C3:5E:43:C1:14:4C:EA:27:D4:6A:5A:B1:CB:5F",
    validUntil: "2038-01-15",
    address: "https://cacerts.digicert.com/DigiCertGlobalRootG2.crt.pem",
    file: "DigiCertGlobalRootG2.pem",
    form: "pem",
  },
  DigiCertGlobalRootCA: {
    name: "DigiCert Global Root CA",
    sha256: "43:48:A0:E9:44:4C:78:CB:26:5E:05:8D:5E:89:44:B4:D8:4F:96:62:BD:26:DB:25:7F:89:34:A4:43:C7:01:61",
    validUntil: "2031-11-10",
    address: "https://cacerts.digicert.com/DigiCertGlobalRootCA.crt.pem",
    file: "DigiCertGlobalRootCA.pem",
    form: "pem",
  },
  MicrosoftRSARoot2017: {
    name: "Microsoft RSA Root Certificate Authority 2017",
    sha256: "C7:41:F7:0F:4B:2A:8D:88:BF:2E:71:C1:41:22:EF:53:EF:10:EB:A0:CF:A5:E6:4C:FA:20:F4:18:85:30:73:E0",
    validUntil: "2042-07-18",
    address:
      "https://www.microsoft.com/pkiops/certs/Microsoft%20RSA%20Root%20Certificate%20Authority%202017.crt",
    file: "MicrosoftRSARoot2017.pem",
    form: "der",
  },
  ISRGRootX1: {
    name: "ISRG Root X1",
    sha256: "96:BC:EC:06:26:49:76:F3:74:60:77:9A:CF:28:C5:A7:CF:E8:A3:C0:AA:E1:1A:8F:FC:EE:05:C0:BD:DF:08:C6",
    validUntil: "2035-06-04",
    address: "https://letsencrypt.org/certs/isrgrootx1.pem",
    file: "ISRGRootX1.pem",
    form: "pem",
  },
} as const satisfies Readonly<Record<string, PublicRootFile>>;

export type PublicRootId = keyof typeof publicRootFiles;
