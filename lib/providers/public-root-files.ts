import type { ProviderRoot } from "./provider-facts.ts";
import { amazonRoots, azureRoots, letsEncryptRoots } from "./public-roots.ts";

/** A root that public stores hold, and where its authority publishes it as a file. */
export interface PublicRootFile extends ProviderRoot {
  readonly address: string;
  /** What it is saved as. */
  readonly file: string;
  /** `der` has to be turned into PEM before libpq or a Linux store can read it. */
  readonly form: "pem" | "der";
}

const known = [...amazonRoots, ...azureRoots, ...letsEncryptRoots];

/** @throws when the packs have no such root: a slip of the pen here, which any test meets */
function root(name: string): ProviderRoot {
  const found = known.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no root ${name}`);
  return found;
}

/** By a name that is a file name's stem. */
export const publicRootFiles = {
  AmazonRootCA1: {
    ...root("Amazon Root CA 1"),
    address: "https://www.amazontrust.com/repository/AmazonRootCA1.pem",
    file: "AmazonRootCA1.pem",
    form: "pem",
  },
  DigiCertGlobalRootG2: {
    ...root("DigiCert Global Root G2"),
    address: "https://cacerts.digicert.com/DigiCertGlobalRootG2.crt.pem",
    file: "DigiCertGlobalRootG2.pem",
    form: "pem",
  },
  DigiCertGlobalRootCA: {
    ...root("DigiCert Global Root CA"),
    address: "https://cacerts.digicert.com/DigiCertGlobalRootCA.crt.pem",
    file: "DigiCertGlobalRootCA.pem",
    form: "pem",
  },
  MicrosoftRSARoot2017: {
    ...root("Microsoft RSA Root Certificate Authority 2017"),
    address:
      "https://www.microsoft.com/pkiops/certs/Microsoft%20RSA%20Root%20Certificate%20Authority%202017.crt",
    file: "MicrosoftRSARoot2017.pem",
    form: "der",
  },
  ISRGRootX1: {
    ...root("ISRG Root X1"),
    address: "https://letsencrypt.org/certs/isrgrootx1.pem",
    file: "ISRGRootX1.pem",
    form: "pem",
  },
} as const satisfies Readonly<Record<string, PublicRootFile>>;

export type PublicRootId = keyof typeof publicRootFiles;
