import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import ConsoleError from "#app/(console)/error.tsx";
import { ErrorWordsProvider } from "#app/(console)/error-words.tsx";

const words = { title: "Broken", body: "Noted as {reference}.", action: "Again" };

test.each([
  [{ digest: "4711" }, "Noted as 4711."],
  [{}, "Noted as –."],
])("a surprise is told with its reference and can be tried again (%j)", async (digest, told) => {
  const reset = vi.fn();
  render(
    <ErrorWordsProvider words={words}>
      <ConsoleError error={Object.assign(new Error("not shown"), digest)} reset={reset} />
    </ErrorWordsProvider>,
  );
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveAttribute("data-problem", "unexpected");
  expect(alert).toHaveTextContent(`Broken${told}Again`);
  await userEvent.click(screen.getByRole("button", { name: "Again" }));
  expect(reset).toHaveBeenCalledOnce();
});
