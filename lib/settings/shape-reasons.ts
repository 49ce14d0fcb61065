/**
 * What can be wrong with one field looked at alone, as its schema says it; the words stand under `fields` in
 * `messages/<locale>/material.json`.
 */
export const shapeReasons = [
  "name-hidden-signs",
  "host-required",
  "host-malformed",
  "host-is-a-string",
  "host-several",
  "user-required",
  "port-range",
  "timeout-range",
  "token-expiry-range",
  "address-not-ip",
  "text-too-long",
  "text-control-character",
  "pem-too-long",
  "choice-unknown",
  "form-unreadable",
] as const;
export type ShapeReason = (typeof shapeReasons)[number];
