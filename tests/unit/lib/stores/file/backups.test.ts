import { describe, expect, test } from "vitest";
import { backupsToDrop, revisionOfBackup } from "#lib/stores/file/backups.ts";
import type { EarlierRevision } from "#lib/vault/store.ts";

const backup = (rev: number, savedAt: string): EarlierRevision => ({
  place: `config.${rev}.json`,
  rev,
  bytes: 1,
  savedAt,
});

/** As on the day of the newest save: nothing is old. */
const ageing = {
  presentSavedAt: "2026-11-28T12:00:00.000Z",
  days: 90,
  now: Date.parse("2026-11-28T12:00:00Z"),
};
const revsOf = (backups: readonly EarlierRevision[]) => backups.map(({ rev }) => rev);

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
    expect(backupsToDrop(ten, ageing)).toEqual([]);
  });

  test("of a busy day all but the ten newest", () => {
    const many = Array.from({ length: 15 }, (_, index) => backup(20 - index, "2026-11-22T10:00:00.000Z"));
    expect(revsOf(backupsToDrop(many, ageing))).toEqual([10, 9, 8, 7, 6]);
  });

  test("the newest of each of fourteen days stays", () => {
    const days = Array.from({ length: 40 }, (_, index) => {
      const day = String(28 - Math.floor(index / 2)).padStart(2, "0");
      return backup(100 - index, `2026-11-${day}T10:00:00.000Z`);
    });
    const dropped = new Set(revsOf(backupsToDrop(days, ageing)));
    const kept = days.filter((one) => !dropped.has(one.rev)).map((one) => one.rev);
    expect(kept).toEqual([100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 88, 86, 84, 82, 80, 78, 76, 74]);
  });

  const at = (text: string) => Date.parse(`${text}T12:00:00Z`);
  const saves = ["2026-05-01", "2026-03-01", "2026-02-01", "2024-01-01"].map((day, index) =>
    backup(4 - index, `${day}T10:00:00.000Z`),
  );

  test.each([
    ["counted from the day they were replaced", "2026-06-01", [2, 1]],
    ["a revision that was replaced yesterday, though it was written long ago", "2026-02-02", []],
    ["all but the newest in the end", "2026-08-31", [3, 2, 1]],
    ["where nobody has saved for years the newest one stays", "2031-01-01", [3, 2, 1]],
    ["by a clock that is years behind", "2020-01-01", []],
  ])("by age, %s", (_, now, revs) => {
    const presentSavedAt = "2026-06-01T10:00:00.000Z";
    expect(revsOf(backupsToDrop(saves, { presentSavedAt, days: 90, now: at(now) }))).toEqual(revs);
  });

  test("by age of fewer days, where the operator says so", () => {
    const presentSavedAt = "2026-06-01T10:00:00.000Z";
    expect(revsOf(backupsToDrop(saves, { presentSavedAt, days: 7, now: at("2026-06-01") }))).toEqual([
      3, 2, 1,
    ]);
  });
});
