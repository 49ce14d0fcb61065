import "@testing-library/jest-dom/vitest";
import { format } from "node:util";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, expect, vi } from "vitest";

// A busy machine is no mistake of the code: what never comes is missed all the same.
configure({ asyncUtilTimeout: 5000 });

/** React tells its mistakes there: keys that are missing, nesting that HTML does not know, updates nobody waits for. */
const complaints: string[] = [];

beforeEach(() => {
  complaints.length = 0;
  vi.spyOn(console, "error").mockImplementation((...words: unknown[]) => {
    complaints.push(format(...words));
  });
});

afterEach(() => {
  cleanup();
  expect(complaints, "console.error was called").toEqual([]);
});
