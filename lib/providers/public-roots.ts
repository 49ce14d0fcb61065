import type { ProviderRoot } from "./provider-facts.ts";

/*
 * Public roots that providers chain to, by fingerprint. A test finds each in Node's copy of Mozilla's store, compares
 * name and date, and fails a year before one ends.
 */

export const amazonRootCa1: ProviderRoot = {
  name: "Amazon Root CA 1",
  sha256: "8E:CD:E6:88:4F:3D:87:B1:12:5B:A3:1A:C3:FC:B1:3D:70:16:DE:7F:57:CC:90:4F:E1:CB:97:C6:AE:98:19:6E",
  notAfter: "2038-01-17",
};

export const amazonRoots: readonly ProviderRoot[] = [
  amazonRootCa1,
  {
    name: "Amazon Root CA 2",
    sha256: "1B:A5:B2:AA:8C:65:40:1A:82:96:01:18:F8:0B:EC:4F:62:30:4D:83:CE:C4:71:3A:19:C3:9C:01:1E:A4:6D:B4",
    notAfter: "2040-05-26",
  },
  {
    name: "Amazon Root CA 3",
    sha256: "18:CE:6C:FE:7B:F1:4E:60:B2:E3:47:B8:DF:E8:68:CB:31:D0:2E:BB:3A:DA:27:15:69:F5:03:43:B4:6D:B3:A4",
    notAfter: "2040-05-26",
  },
  {
    name: "Amazon Root CA 4",
    sha256: "E3:5D:28:41:9E:D0:20:25:CF:A6:90:38:CD:62:39:62:45:8D:A5:C6:95:FB:DE:A3:C2:2B:0B:FB:25:89:70:92",
    notAfter: "2040-05-26",
  },
  {
    name: "Starfield Services Root Certificate Authority - G2",
    sha256: "56:8D:69:05:A2:C8:87:08:A4:B3:02:51:90:ED:CF:ED:B1:97:4A:60:6A:13:C6:E5:29:0F:CB:2A:E6:3E:DA:B5",
    notAfter: "2037-12-31",
  },
];

/** Older servers chain to it. Mozilla dropped it in 2026, and Node 22 and 24 with it; systems often keep it. */
export const digicertGlobalRootCa: ProviderRoot = {
  name: "DigiCert Global Root CA",
  sha256: "43:48:A0:E9:44:4C:78:CB:26:5E:05:8D:5E:89:44:B4:D8:4F:96:62:BD:26:DB:25:7F:89:34:A4:43:C7:01:61",
  notAfter: "2031-11-10",
};

export const azureRoots: readonly ProviderRoot[] = [
  {
    name: "DigiCert Global Root G2",
    sha256: "CB:3C:CB:B7:60:31:E5:E0:13:8F:8D:D3:9A:23:F9:DE:47:FF:C3:5E:43:C1:14:4C:EA:27:D4:6A:5A:B1:CB:5F",
    notAfter: "2038-01-15",
  },
  digicertGlobalRootCa,
  {
    name: "Microsoft RSA Root Certificate Authority 2017",
    sha256: "C7:41:F7:0F:4B:2A:8D:88:BF:2E:71:C1:41:22:EF:53:EF:10:EB:A0:CF:A5:E6:4C:FA:20:F4:18:85:30:73:E0",
    notAfter: "2042-07-18",
  },
];

export const letsEncryptRoots: readonly ProviderRoot[] = [
  {
    name: "ISRG Root X1",
    sha256: "96:BC:EC:06:26:49:76:F3:74:60:77:9A:CF:28:C5:A7:CF:E8:A3:C0:AA:E1:1A:8F:FC:EE:05:C0:BD:DF:08:C6",
    notAfter: "2035-06-04",
  },
  {
    name: "ISRG Root X2",
    sha256: "69:72:9B:8E:15:A8:6E:FC:17:7A:57:AF:B7:17:1D:FC:64:AD:D2:8C:2F:CA:8C:F1:50:7E:34:45:3C:CB:14:70",
    notAfter: "2040-09-17",
  },
];

/** Google Trust Services, as many proxies before web services have it. */
export const googleTrustRoots: readonly ProviderRoot[] = [
  {
    name: "GTS Root R1",
    sha256: "D9:47:43:2A:BD:E7:B7:FA:90:FC:2E:6B:59:10:1B:12:80:E0:E1:C7:E4:E4:0F:A3:C6:88:7F:FF:57:A7:F4:CF",
    notAfter: "2036-06-22",
  },
  {
    name: "GTS Root R4",
    sha256: "34:9D:FA:40:58:C5:E2:63:12:3B:39:8A:E7:95:57:3C:4E:13:13:C8:3F:E6:8F:93:55:6C:D5:E8:03:1B:3C:7D",
    notAfter: "2036-06-22",
  },
];
