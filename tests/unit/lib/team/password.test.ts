import { scryptSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Secret } from "#lib/secret.ts";
import { checkPassword, hashPassword } from "#lib/team/password.ts";

describe("password hashes", { timeout: 30_000 }, () => {
  test("are PHC strings of scrypt at the stated cost, salted each time, and fit only their password", async () => {
    const password = new Secret("plum-tractor-oboe-9");
    const [one, two] = await Promise.all([hashPassword(password), hashPassword(password)]);
    expect(one.reveal()).toMatch(/^\$scrypt\$ln=16,r=8,p=2\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one.reveal()).not.toBe(two.reveal());
    expect(await checkPassword(password, one)).toEqual({ fits: true, outdated: false });
    expect(await checkPassword(new Secret("plum-tractor-oboe-8"), one)).toEqual({
      fits: false,
      outdated: false,
    });
  });

  test("made elsewhere to the same standard are read", async () => {
    const salt = Buffer.from("0123456789abcdef");
    const hash = scryptSync("an older password", salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
    const phc = new Secret(`$scrypt$ln=15,r=8,p=1$${bare(salt)}$${bare(hash)}`);
    expect(await checkPassword(new Secret("an older password"), phc)).toEqual({ fits: true, outdated: true });
  });

  test("typed composed or decomposed are the same password", async () => {
    const stored = await hashPassword(new Secret("cre\u0300me bru\u0302le\u0301e a la carte"));
    expect((await checkPassword(new Secret("cr\u00e8me br\u00fbl\u00e9e a la carte"), stored)).fits).toBe(
      true,
    );
  });

  test.each([
    ["not a hash at all", "plaintext"],
    ["a cost that takes 64 GiB", `$scrypt$ln=26,r=8,p=2$MDEyMzQ1Njc4OWFiY2RlZg$${"A".repeat(43)}`],
    ["a cost that is worth nothing", `$scrypt$ln=01,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$${"A".repeat(43)}`],
    ["another r", `$scrypt$ln=16,r=99,p=2$MDEyMzQ1Njc4OWFiY2RlZg$${"A".repeat(43)}`],
  ])("never fit when the stored text is %s", async (_, stored) => {
    expect(await checkPassword(new Secret("x"), new Secret(stored))).toEqual({
      fits: false,
      outdated: false,
    });
  });

  test("an unknown user costs as much time as a wrong password", { timeout: 60_000 }, async () => {
    const stored = await hashPassword(new Secret("plum-tractor-oboe-9"));
    const time = async (hash: Secret | undefined) => {
      const start = performance.now();
      await checkPassword(new Secret("wrong wrong wrong"), hash);
      return performance.now() - start;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      known.push(await time(stored));
      unknown.push(await time(undefined));
    }
    // A machine under load jitters; a missing hash would be a thousand times faster.
    const ratio = median(unknown) / median(known);
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(3);
  });
});

function bare(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
