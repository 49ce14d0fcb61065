import { describe, expect, test } from "vitest";
import { backupsToDrop, revisionOfBackup } from "#lib/stores/file/backups.ts";
import type { EarlierRevision } from "#lib/vault/store.ts";

const backup = (rev: number, savedAt: string): EarlierRevision => ({
  place: `config.${rev}.json`,
  rev,
  bytes: 1,
  savedAt,
});

describe("a backup's name", () => {
  test.each([
    ["config.7.json", 7],
    ["config.7-0a1b2c3d.json", 7],
    ["config.json", undefined],
    ["config.07x.json", undefined],
    ["config.9999999999999999.json", undefined],
    ["config.7.json.tmp", undefined],
    ["sessions.7.json", undefined],
  ])("%s is revision %s", (name, rev) => {
    expect(revisionOfBackup(name)).toBe(rev);
  });
});

describe("which backups go", () => {
  test("none of ten", () => {
    const ten = Array.from({ length: 10 }, (_, index) => backup(20 - index, "2026-11-22T10:00:00.000Z"));
    expect(backupsToDrop(ten)).toEqual([]);
  });

  test("of a busy day all but the ten newest", () => {
    const many = Array.from({ length: 15 }, (_, index) => backup(20 - index, "2026-11-22T10:00:00.000Z"));
    expect(backupsToDrop(many).map((one) => one.rev)).toEqual([10, 9, 8, 7, 6]);
  });

  test("the newest of each of fourteen days stays", () => {
    const days = Array.from({ length: 40 }, (_, index) => {
      const day = String(28 - Math.floor(index / 2)).padStart(2, "0");
      return backup(100 - index, `2026-11-${day}T10:00:00.000Z`);
    });
    const dropped = new Set(backupsToDrop(days).map((one) => one.rev));
    const kept = days.filter((one) => !dropped.has(one.rev)).map((one) => one.rev);
    expect(kept).toEqual([100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 88, 86, 84, 82, 80, 78, 76, 74]);
  });
});
