import { describe, expect, test } from "vitest";
import { noGivenRoots } from "#lib/providers/roots-kind.ts";
import { importRow } from "#lib/strings/read/import-rows.ts";
import { readConnections } from "#lib/strings/read/read-connections.ts";

function rowOf(text: string, more: { readonly user?: string; readonly verifyFull?: boolean } = {}) {
  const found = readConnections(text);
  const [connection] = found.ok ? found.value : [];
  if (connection === undefined) throw new Error("nothing was read");
  return importRow(connection, { files: {}, verifyFull: false, roots: noGivenRoots, ...more });
}

describe("one connection of a paste", () => {
  test("D2, D6, D7: a DSQL host brings its user, database, sign-in and Verify Full", () => {
    expect(rowOf("abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws")).toMatchObject({
      user: "admin",
      database: "postgres",
      signIn: "aurora-dsql-token",
      mode: "verify-full",
      ssl: true,
    });
  });

  test("a host whose roots must be brought is not held back for want of them", () => {
    const row = rowOf("postgres://postgres:x@db.abcdefghijklmnopqrst.supabase.co/postgres?sslmode=require");
    expect(row).toMatchObject({ mode: "require", trust: "system", ca: "" });
  });

  test.each(["disable", "prefer", "require", "verify-ca"])("%s is raised when that is asked for", (mode) => {
    const text = `postgres://app@db.example.test/shop?sslmode=${mode}`;
    expect(rowOf(text)).toMatchObject(mode === "disable" ? { ssl: false } : { ssl: true, mode });
    const raised = { ssl: true, mode: "verify-full", allowSelfSigned: false };
    expect(rowOf(text, { verifyFull: true })).toMatchObject(raised);
  });

  test("a user that is not written is the one that was typed", () => {
    expect(rowOf("postgres://db.example.test/shop", { user: "app" })?.user).toBe("app");
    expect(rowOf("postgres://me@db.example.test/shop", { user: "app" })?.user).toBe("me");
  });
});
