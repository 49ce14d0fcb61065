import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { rdsRoots } from "#lib/providers/rds-roots.ts";

describe("C11: the roots of RDS", () => {
  const now = new Date("2026-11-22T00:00:00Z");
  const roots = rdsRoots(now).map((pem) => new X509Certificate(pem));

  test("none has expired", () => {
    expect(roots.filter((root) => new Date(root.validTo) <= now).map((root) => root.subject)).toEqual([]);
  });

  test("the regions' roots are there, each a CA that signed itself, none twice", () => {
    expect(roots.length).toBeGreaterThan(80);
    expect(roots.some((root) => root.subject.includes("Amazon RDS eu-west-1 Root CA RSA2048 G1"))).toBe(true);
    expect(roots.every((root) => root.ca)).toBe(true);
    expect(new Set(roots.map((root) => root.fingerprint256)).size).toBe(roots.length);
  });

  test("a root leaves when its time is over", () => {
    expect(rdsRoots(new Date("2200-01-01T00:00:00Z"))).toEqual([]);
    expect(rdsRoots(new Date("2024-01-01T00:00:00Z")).length).toBeGreaterThan(roots.length);
  });
});
