/** The steps of one connection, in the order they are taken. */
export const stepNames = [
  "name",
  "address",
  "tls-request",
  "handshake",
  "chain",
  "host-name",
  "sign-in",
  "session",
] as const;

export type StepName = (typeof stepNames)[number];
