/** The boxes of the form that take certificates and keys by content. */
export const materialBoxes = ["ca", "clientCertificate", "clientKey", "crl"] as const;
export type MaterialBox = (typeof materialBoxes)[number];
