import { createRef } from "react";
import { expect, test, vi } from "vitest";
import { SqlBox, type SqlBoxHandle } from "#app/(console)/connections/[id]/sql/sql-box.tsx";
import { renderSession } from "./render-session.tsx";

test("where the caret stands is told also when a text came by itself", () => {
  const box = createRef<SqlBoxHandle>();
  const onSelect = vi.fn();
  const no = () => false;
  const keys = { run: no, runAll: no, cancel: no, format: no, older: no, newer: no };
  const session = { rules: { standardConformingStrings: true }, names: undefined };
  const filled = (value: string) => (
    <SqlBox
      value={value}
      onChange={() => undefined}
      keys={keys}
      onSelect={onSelect}
      session={session}
      place={undefined}
      box={box}
    />
  );
  const { rerender } = renderSession(filled(""));
  rerender(filled("select 1;\nselect 2"));
  expect(box.current?.selection()).toEqual({ from: 18, to: 18 });
  expect(onSelect).toHaveBeenLastCalledWith(18, 18);
});
