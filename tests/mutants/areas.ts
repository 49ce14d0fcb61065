/** What decides about secrets, trust, names, seals, access, throttling and addresses, with the unit tests that hold it. */
export interface Area {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

/** The one list of what is mutated, by the name that `npm run mutants -- <name>` takes. */
export const areas: Readonly<Record<string, Area>> = {
  secrets: {
    files: [
      "lib/profiles/secrets-at-risk.ts",
      "lib/profiles/change-effects.ts",
      "lib/profiles/secrets-of.ts",
      "lib/profiles/may-lead.ts",
    ],
    tests: [
      "tests/unit/lib/profiles/secrets-at-risk.test.ts",
      "tests/unit/lib/profiles/change-effects.test.ts",
      "tests/unit/lib/profiles/secrets-of.test.ts",
      "tests/unit/lib/profiles/may-lead.test.ts",
    ],
  },
  trust: {
    files: ["lib/trust/anchor-set.ts", "lib/trust/certificate-path.ts"],
    tests: ["tests/unit/lib/trust/anchor-set.test.ts", "tests/unit/lib/trust/certificate-path.test.ts"],
  },
  names: {
    files: ["lib/wire/server-name.ts"],
    tests: ["tests/unit/lib/wire/server-name.test.ts"],
  },
  verdicts: {
    files: ["lib/wire/tls-options.ts", "lib/wire/verified.ts"],
    tests: ["tests/unit/lib/wire/tls-options.test.ts", "tests/unit/lib/wire/verified.test.ts"],
  },
  seals: {
    files: ["lib/vault/seal.ts", "lib/vault/raw-key.ts", "lib/vault/canonical.ts"],
    tests: [
      "tests/unit/lib/vault/seal.test.ts",
      "tests/unit/lib/vault/raw-key.test.ts",
      "tests/unit/lib/vault/canonical.test.ts",
    ],
  },
  access: {
    files: ["lib/team/access.ts"],
    tests: ["tests/unit/lib/team/access.test.ts"],
  },
  throttling: {
    files: ["lib/team/throttle.ts", "lib/team/bucket.ts"],
    tests: [
      "tests/unit/lib/team/throttle.test.ts",
      "tests/unit/lib/team/shared-throttle.test.ts",
      "tests/unit/lib/team/bucket.test.ts",
    ],
  },
  passwords: {
    files: ["lib/team/password-rules.ts"],
    tests: ["tests/unit/lib/team/password-rules.test.ts"],
  },
  addresses: {
    files: ["lib/wire/address-bytes.ts", "lib/wire/network-policy.ts"],
    tests: [
      "tests/unit/lib/wire/network-policy.test.ts",
      "tests/unit/lib/wire/address-bytes.test.ts",
      "tests/unit/lib/wire/denied-address.test.ts",
    ],
  },
};
