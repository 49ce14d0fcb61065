import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import {
  ParameterBoxes,
  type ParameterValues,
} from "#app/(console)/connections/[id]/sql/parameter-boxes.tsx";
import { renderSession } from "./render-session.tsx";

function Boxes({ numbers, given = new Map(), told, onRun }: Given) {
  const [values, setValues] = useState<ParameterValues>(given);
  told.values = values;
  return <ParameterBoxes numbers={numbers} values={values} onChange={setValues} onRun={onRun} />;
}

interface Given {
  readonly numbers: readonly number[];
  readonly given?: ParameterValues;
  readonly told: { values: ParameterValues };
  readonly onRun: () => void;
}

function open(numbers: readonly number[], given?: ParameterValues) {
  const told: Given["told"] = { values: new Map() };
  const onRun = vi.fn();
  const boxes = (of: readonly number[]) => (
    <Boxes numbers={of} told={told} onRun={onRun} {...(given !== undefined && { given })} />
  );
  const { user, rerender } = renderSession(boxes(numbers));
  return { user, told, onRun, ask: (of: readonly number[]) => rerender(boxes(of)) };
}

const box = (number: number) => screen.getByRole("textbox", { name: `Value of $${number}` });
const nullOf = (number: number) => screen.getByRole("checkbox", { name: `$${number} is NULL` });

test("a box for each number that is asked for, whatever is missing between them", () => {
  open([1, 3]);
  expect(screen.getAllByRole("textbox")).toEqual([box(1), box(3)]);
});

test("what is typed is the value as it is: blanks, quotes and the word NULL are text", async () => {
  const { user, told } = open([1, 2]);
  await user.type(box(1), "  it's; --");
  await user.type(box(2), "NULL");
  expect([...told.values]).toEqual([
    [1, "  it's; --"],
    [2, "NULL"],
  ]);
});

test("NULL is a tick beside it: the box is shut, and open and empty again without it", async () => {
  const { user, told } = open([1], new Map([[1, "x"]]));
  await user.click(nullOf(1));
  expect(told.values.get(1)).toBeNull();
  expect(box(1)).toBeDisabled();
  expect(box(1)).toHaveValue("");
  await user.click(nullOf(1));
  expect(told.values.get(1)).toBe("");
  expect(box(1)).toBeEnabled();
});

test("Enter in a box runs", async () => {
  const { user, onRun } = open([1]);
  await user.type(box(1), "5{Enter}");
  expect(onRun).toHaveBeenCalledOnce();
});

test("a value stays while its parameter is away from the text", async () => {
  const { user, ask } = open([1]);
  await user.type(box(1), "kept");
  ask([]);
  ask([1]);
  expect(box(1)).toHaveValue("kept");
});
