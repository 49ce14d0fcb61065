import { describe, expect, test } from "vitest";
import { sourceFiles, valueImports } from "./source-files.ts";

const lib = sourceFiles("lib");
const isServerOnly = (text: string) => text.startsWith('import "server-only";');

describe("the house", () => {
  test("a lib file is a shared leaf, or its first line says server-only", () => {
    const serverOnly = new Set(lib.filter((file) => isServerOnly(file.text)).map((file) => file.path));
    const wrong = lib
      .filter((file) => !serverOnly.has(file.path))
      .flatMap((file) =>
        valueImports(file)
          .filter((target) => target.startsWith("node:") || serverOnly.has(target))
          .map((target) => `${file.path} runs in the browser too, but imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  test("components use only leaves of lib", () => {
    const serverOnly = new Set(lib.filter((file) => isServerOnly(file.text)).map((file) => file.path));
    const wrong = sourceFiles("components").flatMap((file) =>
      valueImports(file)
        .filter((target) => serverOnly.has(target))
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test("process.env is read in one place", () => {
    const readers = [...lib, ...sourceFiles("app", "components")]
      .filter((file) => /process\.env\b/.test(file.text.replace(/^\s*(\/\/|\*).*$/gm, "")))
      .map((file) => file.path)
      .filter((path) => !path.startsWith("lib/samples/") && !path.startsWith("lib/cli/"));
    const allowed = [
      "lib/env.ts",
      "app/_server/runtime.ts",
      // It writes code for others to run, which reads theirs.
      "lib/strings/write/write-node-postgres.ts",
    ];
    expect(readers.filter((path) => !allowed.includes(path))).toEqual([]);
  });

  test("cookies() and headers() are read in app/_server only", () => {
    const readers = sourceFiles("app")
      .filter((file) => /from "next\/headers"/.test(file.text) && !file.path.startsWith("app/_server/"))
      .map((file) => file.path);
    expect(readers).toEqual([]);
  });

  test("no HTML is made from text", () => {
    const wrong = [...lib, ...sourceFiles("app", "components")]
      .filter((file) => /dangerouslySetInnerHTML|\.innerHTML|insertAdjacentHTML|DOMParser/.test(file.text))
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  test("server actions stand in files of their own, never inline", () => {
    const wrong = sourceFiles("app", "components")
      .filter((file) => /"use server"/.test(file.text) && !/^"use server";/.test(file.text))
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  test("no key derivation runs on the thread that answers everybody", () => {
    const files = [...lib, ...sourceFiles("app", "components")];
    const faults = files
      .filter(({ path, text }) => {
        // HKDF is one round of HMAC. The samples make what the demo needs before anybody is served.
        const derives = /\b(?:pbkdf2|scrypt|argon2)Sync\b/.test(text);
        // OpenSSL would open what is encrypted then and there, with as many rounds as the text asks for.
        const opens = /(?:createPrivateKey|createSecureContext|tls\.connect)\([^;]*\bpassphrase\b/.test(text);
        return (derives || opens) && !path.startsWith("lib/samples/");
      })
      .map(({ path }) => path);
    expect(faults).toEqual([]);
  });

  test("a secret is made clear in these files only", () => {
    const callers = [...lib, ...sourceFiles("app", "components")]
      .filter((file) => /\.reveal\(\)/.test(file.text))
      .map((file) => file.path)
      .sort();
    expect(callers).toEqual(
      [
        // The cookie of a new session goes out once.
        "app/_server/session-cookie.ts",
        // A key that was unpacked from a file goes back to the form that sent the file.
        "app/api/material/sort/route.ts",
        // A file of connections is sealed to a passphrase, with the secrets that it was asked for.
        "lib/carry/age-file.ts",
        "lib/carry/connections-file.ts",
        // The plaintext file of Cloak DB 0.3 becomes form values.
        "lib/carry/version-1-file.ts",
        // A key is read, and opened with its passphrase.
        "lib/certificates/password-encryption.ts",
        "lib/certificates/read-material.ts",
        "lib/certificates/unlock-key.ts",
        // The password file's entry becomes a form value; the demo's scratch password is shown on purpose.
        "lib/cli/run-demo.ts",
        "lib/cli/target.ts",
        // Only the dates that a cloud's token bears are read.
        "lib/diagnosis/token-expiry.ts",
        "lib/profiles/secrets-of.ts",
        // Hashing and comparing.
        "lib/team/password.ts",
        "lib/team/setup-token.ts",
        "lib/team/sign-in-link.ts",
        "lib/team/users.ts",
        "lib/team/vault-passphrase.ts",
        // A token is signed, or asked for, with the secret half of a key pair.
        "lib/tokens/aws-credentials.ts",
        "lib/tokens/entra-token.ts",
        // Sealing, and the vault's own key.
        "lib/stores/file/exchange-in-place.ts",
        "lib/stores/file/key-source.ts",
        "lib/stores/file/new-key-file.ts",
        "lib/vault/records.ts",
        "lib/vault/slots.ts",
        // The wire: what the server asks for, and the client's key for the handshake.
        "lib/wire/sign-in.ts",
        "lib/wire/tls-options.ts",
      ].sort(),
    );
  });
});
