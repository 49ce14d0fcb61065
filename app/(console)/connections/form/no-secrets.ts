import type { StoredSecrets } from "#lib/profiles/form-schema.ts";

/** None is stored, and none is yours. */
export const noSecrets: StoredSecrets = {
  password: false,
  clientKey: false,
  keyPassphrase: false,
  tokenSecret: false,
};
