import { describe, expect, test } from "vitest";
import { folderProblem, keyFileProblem, privateFileProblem } from "#lib/stores/file/permissions.ts";

const us = process.getuid?.() ?? 0;
const somebody = us + 1234;

describe("a folder", () => {
  test.each([
    [0o700, undefined],
    [0o755, undefined],
    [0o775, "chmod go-w /home/ada/.config/cloak-db"],
    [0o777, "chmod go-w /home/ada/.config/cloak-db"],
    [0o702, "chmod go-w /home/ada/.config/cloak-db"],
  ])("of ours with mode %o", (mode, command) => {
    const found = folderProblem("/home/ada/.config/cloak-db", { mode: 0o040000 | mode, uid: us });
    expect(found?.facts.command).toBe(command);
    if (found)
      expect(found).toMatchObject({ code: "vault-unsafe-permissions", facts: { reason: "folder-writable" } });
  });

  test("of somebody else", () => {
    const found = folderProblem("/srv/it's", { mode: 0o040700, uid: somebody });
    expect(found?.facts).toMatchObject({
      reason: "other-owner",
      command: `sudo chown -R "$(id -un)" '/srv/it'\\''s'`,
    });
  });

  test("of root is as good as ours", () => {
    expect(folderProblem("/etc/cloak", { mode: 0o040755, uid: 0 })).toBeUndefined();
  });
});

describe("a file with secrets", () => {
  test.each([
    [0o600, undefined],
    [0o400, undefined],
    [0o640, "0640"],
    [0o644, "0644"],
    [0o604, "0604"],
    [0o660, "0660"],
  ])("with mode %o", (mode, named) => {
    const found = privateFileProblem("/c/config.json", { mode: 0o100000 | mode, uid: us });
    expect(found?.facts.mode).toBe(named);
    if (found) expect(found.facts.command).toBe("chmod 600 /c/config.json");
  });
});

describe("a key file that was mounted", () => {
  test.each([
    [0, 0o600, undefined],
    [0, 0o440, undefined],
    [0, 0o640, undefined],
    [0, 0o660, "0660"],
    [0, 0o444, "0444"],
    [0, 0o644, "0644"],
  ])("of user %i with mode %o", (uid, mode, named) => {
    expect(keyFileProblem("/run/secrets/key", { mode: 0o100000 | mode, uid })?.facts.mode).toBe(named);
  });

  test("of somebody else", () => {
    const found = keyFileProblem("/run/secrets/key", { mode: 0o100400, uid: somebody });
    expect(found?.facts.reason).toBe("other-owner");
  });
});
