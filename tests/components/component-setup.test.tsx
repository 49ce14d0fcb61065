import { render } from "@testing-library/react";
import { describe, expect, test } from "vitest";

describe("a component that makes React complain", () => {
  test.fails("fails its test: a value without a way to change it", () => {
    render(<input value="1" />);
  });

  test.fails("fails its test: nesting that HTML does not know", () => {
    render(
      <p>
        <span>{[1].map((each) => [<div key={each}>1</div>])}</span>
      </p>,
    );
  });

  test("does not fail the test after it", () => {
    const { container } = render(<input defaultValue="1" />);
    expect(container.querySelector("input")).toHaveValue("1");
  });
});
