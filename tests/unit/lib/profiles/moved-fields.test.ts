import { describe, expect, test } from "vitest";
import { movedFields } from "#lib/profiles/moved-fields.ts";
import { type FieldName, fieldNames } from "#lib/settings/fields.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const before: FormValues = {
  ...newFormValues,
  host: "db.example.test",
  user: "app",
  trust: "own",
  ca: "one",
};

/** Whether a change of the field alone moves the connection; a field without a row does not compile. */
const rows: Readonly<Record<FieldName, readonly [change: Partial<FormValues>, moves: boolean]>> = {
  name: [{ name: "else" }, false],
  host: [{ host: "other.example.test" }, true],
  networkAddress: [{ networkAddress: "192.0.2.7" }, true],
  port: [{ port: "5433" }, true],
  // Behind PgBouncer and its like the database is the server.
  database: [{ database: "else" }, true],
  // Poolers of cloud providers choose the tenant by the user.
  user: [{ user: "app.tenant" }, true],
  password: [{ password: "else" }, false],
  ssl: [{ ssl: false }, true],
  mode: [{ mode: "require" }, true],
  trust: [{ trust: "system" }, true],
  ca: [{ ca: "two" }, true],
  clientCertificate: [{ clientCertificate: "else" }, false],
  clientKey: [{ clientKey: "else" }, false],
  keyPassphrase: [{ keyPassphrase: "else" }, false],
  crl: [{ crl: "else" }, true],
  allowSelfSigned: [{ allowSelfSigned: true }, true],
  minVersion: [{ minVersion: "TLSv1.3" }, false],
  maxVersion: [{ maxVersion: "TLSv1.2" }, false],
  negotiation: [{ negotiation: "direct" }, false],
  channelBinding: [{ channelBinding: "require" }, false],
  sni: [{ sni: false }, true],
  connectTimeout: [{ connectTimeout: "11" }, false],
  applicationName: [{ applicationName: "else" }, false],
  options: [{ options: "-c search_path=else" }, false],
  environment: [{ environment: "production" }, false],
  signIn: [{ signIn: "certificate" }, false],
  tokenRegion: [{ tokenRegion: "eu-west-1" }, false],
  tokenExpiry: [{ tokenExpiry: "901" }, false],
  tokenCredentials: [{ tokenCredentials: "keys" }, false],
  awsProfile: [{ awsProfile: "else" }, false],
  awsRole: [{ awsRole: "else" }, false],
  awsAccessKeyId: [{ awsAccessKeyId: "else" }, false],
  entraTenant: [{ entraTenant: "else" }, false],
  entraClient: [{ entraClient: "else" }, false],
  tokenSecret: [{ tokenSecret: "else" }, false],
  allowWeakPassword: [{ allowWeakPassword: true }, false],
  secretActs: [{ secretActs: { ...newFormValues.secretActs, password: "remove" } }, false],
};

describe("a change of", () => {
  test.each(fieldNames)("%s", (name) => {
    const [change, isMove] = rows[name];
    expect(movedFields({ ...before, ...change }, before)).toEqual(isMove ? [name] : []);
  });

  test.each([
    ["endpoint=ep-cool-1", "endpoint=ep-cool-2", true],
    ["", "endpoint=ep-cool-1", true],
    ["-c endpoint%3Dep-1", "-c endpoint%3Dep-2", true],
    ["--cluster=blue-12", "--cluster=blue-13", true],
    ["project=a", "project=a -c work_mem=1MB", false],
    ["reference=a", "reference=b", true],
  ])("options from %j to %j", (from, to, isMove) => {
    const found = movedFields({ ...before, options: to }, { ...before, options: from });
    expect(found).toEqual(isMove ? ["options"] : []);
  });

  test("the case of a host, or blanks around it, is none", () => {
    expect(movedFields({ ...before, host: " DB.example.test " }, before)).toEqual([]);
  });
});
