import { expect, test } from "vitest";
import { providerChain } from "#lib/guides/provider-chain.ts";
import { factsOf } from "#lib/providers/facts-of.ts";
import type { Provider } from "#lib/providers/list.ts";
import { findGuide } from "#lib/providers/provider-guides.ts";
import { findProvider } from "#lib/providers/recognise-provider.ts";
import { drawn } from "../connect/chain/drawn.ts";

const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("no such provider");
  return value;
};

function drawingOf(
  id: Provider["id"],
  system: string | undefined,
  inSystem: boolean,
  named = factsOf(found(findProvider(id))).roots,
) {
  const provider = found(findProvider(id));
  const roots = named.map((root) => ({ ...root, inSystem }));
  return providerChain(provider, found(findGuide(id)), { system, roots, lacks: [] });
}

test.each([
  ["aurora-dsql", "/etc/ssl", true, "host = leaf = intermediate = root = store"],
  ["aurora-dsql", "/etc/ssl", false, "host = leaf = intermediate = root ~{tls-unknown-ca} store ~"],
  ["aurora-dsql", undefined, false, "host = leaf = intermediate = root ~{tls-unknown-ca} store ~"],
  ["rds", "/etc/ssl", false, "host = leaf = intermediate = root = store"],
  ["aiven", "/etc/ssl", false, "host = leaf = root = store"],
  ["heroku", undefined, false, "host . . leaf = pin"],
  ["local", undefined, false, "host = leaf = pin"],
] as const)("%s, its roots read from %s: %s", (id, system, inSystem, drawing) => {
  expect(drawn(drawingOf(id, system, inSystem))).toBe(drawing);
});

test("a single root is told by its fingerprint, one of several by its name, one that is downloaded by its file", () => {
  const given = [{ name: "Supabase Root 2021 CA", sha256: "AA:BB", notAfter: "2031-01-01" }];
  const rootOf = (id: Provider["id"], roots?: typeof given) =>
    drawingOf(id, undefined, true, roots).find(({ role }) => role === "root");
  expect(rootOf("supabase", given)).toMatchObject({ name: "Supabase Root 2021 CA", sha256: "AA:BB" });
  expect(rootOf("azure-postgres")?.name).toContain(" · ");
  expect(rootOf("azure-postgres")).not.toHaveProperty("sha256");
  expect(rootOf("aiven")).toMatchObject({ name: "aiven-ca.pem" });
});
