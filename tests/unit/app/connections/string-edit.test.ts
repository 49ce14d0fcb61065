import { describe, expect, test } from "vitest";
import { stringEdit } from "#app/(console)/connections/form/string-edit.ts";

describe("an edit of the connection string", () => {
  test("takes what it names", () => {
    const edit = stringEdit("", "postgres://app@db.example.test:5433/shop?sslmode=verify-ca");
    expect(edit.change).toEqual({
      allowSelfSigned: false,
      host: "db.example.test",
      port: "5433",
      database: "shop",
      user: "app",
      ssl: true,
      mode: "verify-ca",
    });
    expect(edit.problem).toBeUndefined();
  });

  test("gives the password apart", () => {
    const edit = stringEdit("", "postgres://app:s%40cret@db.example.test/shop?sslmode=require");
    expect(edit.password).toBe("s@cret");
    expect(JSON.stringify(edit.change)).not.toContain("cret");
  });

  test("puts back to its default what it named before and names no more", () => {
    const edit = stringEdit(
      "postgres://app@db.example.test:5433/shop?sslmode=require&application_name=x",
      "postgres://app@db.example.test?sslmode=require",
    );
    expect(edit.change).toMatchObject({ port: "5432", database: "", applicationName: "" });
  });

  test("leaves alone what it never named", () => {
    const edit = stringEdit("", "postgres://db.example.test/?sslmode=require");
    expect(edit.change).not.toHaveProperty("user");
  });

  test("without sslmode changes nothing about TLS, where libpq would fall back to clear text", () => {
    const edit = stringEdit(
      "postgres://db.example.test/?sslmode=verify-full",
      "postgres://db.example.test/shop",
    );
    expect(edit.change).not.toHaveProperty("mode");
    expect(edit.change).not.toHaveProperty("ssl");
    expect(edit.parsed?.notes).toContainEqual({ id: "sslmode-absent-means-prefer" });
  });

  test("names the boxes of the files it names", () => {
    const edit = stringEdit(
      "",
      "host=db.example.test sslmode=verify-full sslrootcert=/a/root.crt sslcert=/a/app.crt sslkey=/a/app.key",
    );
    expect(edit.prompts).toEqual({
      ca: "/a/root.crt",
      clientCertificate: "/a/app.crt",
      clientKey: "/a/app.key",
    });
    expect(edit.change.trust).toBe("own");
  });

  test("refuses a mode that does not exist and changes nothing", () => {
    const edit = stringEdit("", "postgres://db.example.test/?sslmode=verify-ful");
    expect(edit.problem?.code).toBe("string-sslmode-unknown");
    expect(edit.change).toEqual({});
  });

  test("says what is not carried out", () => {
    const edit = stringEdit("", "postgres://a.example.test,b.example.test/shop?sslmode=require");
    expect(edit.problem?.code).toBe("string-parameter-unsupported");
    expect(edit.change.database).toBe("shop");
  });
});
