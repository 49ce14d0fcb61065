import { describe, expect, test } from "vitest";
import { adviceIds, doneAdviceIds, statementAdvice } from "#lib/session/statement-advice.ts";
import { english } from "#messages/load-messages.ts";

describe("what an error of a statement asks of the person", () => {
  test.each([
    // Aurora DSQL (D): the code of the conflict stands in the message, some clients give it as the SQLSTATE.
    ["40001", "change conflicts with another transaction, please retry: (OC000)", "conflict-data", true],
    ["OC000", "change conflicts with another transaction", "conflict-data", true],
    [
      "40001",
      "schema has been updated by another transaction, please retry: (OC001)",
      "conflict-schema",
      true,
    ],
    ["OC001", "schema has been updated by another transaction", "conflict-schema", true],
    ["0A000", "multiple ddl statements not supported in a transaction", "ddl-alone", false],
    ["0A000", "ddl and dml are not supported in the same transaction", "ddl-with-dml", false],
    ["54000", "transaction row limit exceeded", "row-limit", false],
    ["54000", "transaction age limit of 300s exceeded", "age-limit", false],
    ["0A000", 'setting configuration parameter "work_mem" not supported', "setting-fixed", false],
    // PostgreSQL
    ["40001", "could not serialize access due to concurrent update", "serialization", true],
    ["40001", "Zugriff konnte nicht serialisiert werden", "serialization", true],
    ["40P01", "deadlock detected", "deadlock", true],
  ])("%s %s", (sqlstate, message, id, again) => {
    expect(statementAdvice({ sqlstate, message }, false)).toEqual({ id, again });
  });

  test("a write that the switch forbids; one that a standby forbids is another matter", () => {
    const error = { sqlstate: "25006", message: "cannot execute DELETE in a read-only transaction" };
    expect(statementAdvice(error, true)).toEqual({ id: "read-only", again: false });
    expect(statementAdvice(error, false)).toBeUndefined();
  });

  test.each([
    ["42P01", "relation (OC000) does not exist"],
    ["0A000", "cached plan must not change result type"],
    ["54000", "row is too big"],
  ])("nothing of %s %s", (sqlstate, message) => {
    expect(statementAdvice({ sqlstate, message }, true)).toBeUndefined();
  });

  test("each has its words", () => {
    expect(Object.keys(english.advice.ids).sort()).toEqual([...adviceIds].sort());
    expect(Object.keys(english.advice.done).sort()).toEqual([...doneAdviceIds].sort());
  });
});
