import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { factsOf } from "#lib/providers/facts-of.ts";
import { rds } from "#lib/providers/rds/provider.ts";
import { rdsRoots } from "#lib/providers/rds-roots.ts";

describe("C11: the roots of RDS", () => {
  const now = new Date("2026-11-22T00:00:00Z");
  const roots = rdsRoots(now).map((pem) => new X509Certificate(pem));

  test("none has expired", () => {
    expect(roots.filter((root) => new Date(root.validTo) <= now).map((root) => root.subject)).toEqual([]);
  });

  test("none of what is shipped has less than a year left", () => {
    const shipped = rdsRoots(new Date()).map((pem) => new X509Certificate(pem));
    const soon = Date.now() + 366 * 86_400_000;
    expect(shipped.filter((root) => Date.parse(root.validTo) < soon).map((root) => root.subject)).toEqual([]);
  });

  test("none is a public one, of which anybody can have a certificate", () => {
    expect(roots.filter((root) => !/CN=Amazon RDS /.test(root.subject)).map((root) => root.subject)).toEqual(
      [],
    );
  });

  test("the regions that it lacks are those that it is said to lack", () => {
    const lacks = factsOf(rds).lacks ?? [];
    expect(lacks).toEqual(["ca-west-1", "il-central-1", "ap-southeast-5", "ap-southeast-7", "mx-central-1"]);
    const known = new Set(roots.map((root) => /Amazon RDS ([a-z0-9-]+) /.exec(root.subject)?.[1]));
    expect(lacks.filter((region) => known.has(region))).toEqual([]);
    for (const region of [...lacks, ...known])
      expect(rds.rootsMissing?.test(`x.abc.${region}.rds.amazonaws.com`), region).toBe(
        lacks.some((one) => one === region),
      );
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
