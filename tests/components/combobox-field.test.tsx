import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ComboboxField } from "#components/ui/combobox-field.tsx";

const submitted = vi.fn((event: { preventDefault(): void }) => event.preventDefault());

function Zones() {
  const [zone, setZone] = useState("UTC");
  return (
    <form onSubmit={submitted}>
      <ComboboxField
        label="Time zone"
        value={zone}
        options={["UTC", "America/New York", "Europe/Paris", "Asia/Taipei"].map((name) => ({
          value: name.replace(" ", "_"),
          label: name,
        }))}
        noneText="none"
        foundText={(count) => `${count} found`}
        onChange={setZone}
      />
      <button type="submit">Save</button>
    </form>
  );
}

beforeAll(() => {
  // jsdom lays nothing out.
  Element.prototype.scrollIntoView ??= () => undefined;
});

beforeEach(() => {
  submitted.mockClear();
  render(<Zones />);
});

const field = () => screen.getByRole("combobox", { name: "Time zone" });
const names = () => screen.queryAllByRole("option").map(({ textContent }) => textContent);

describe("a choice among many", () => {
  test("shows all of them, the chosen one marked and active", async () => {
    await userEvent.click(field());
    expect(names()).toEqual(["UTC", "America/New York", "Europe/Paris", "Asia/Taipei"]);
    expect(screen.getByRole("option", { selected: true })).toHaveTextContent("UTC");
    expect(field()).toHaveAttribute(
      "aria-activedescendant",
      screen.getByRole("option", { selected: true }).id,
    );
  });

  test("typing narrows them; Enter takes the first, and sends nothing", async () => {
    await userEvent.click(field());
    await userEvent.keyboard("pari");
    expect(names()).toEqual(["Europe/Paris"]);
    expect(screen.getByRole("status")).toHaveTextContent("1 found");
    await userEvent.keyboard("{Enter}");
    expect(field()).toHaveValue("Europe/Paris");
    expect(names()).toEqual([]);
    expect(submitted).not.toHaveBeenCalled();
    await userEvent.keyboard("{Enter}");
    expect(submitted).toHaveBeenCalledOnce();
  });

  test("arrows walk round", async () => {
    await userEvent.click(field());
    await userEvent.keyboard("{ArrowUp}{Enter}");
    expect(field()).toHaveValue("Asia/Taipei");
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(field()).toHaveValue("UTC");
  });

  test.each(["{Escape}", "{Tab}"])("%s puts the last choice back", async (key) => {
    await userEvent.click(field());
    await userEvent.keyboard(`nowhere${key}`);
    expect(field()).toHaveValue("UTC");
    expect(field()).toHaveAttribute("aria-expanded", "false");
  });

  test("says when there is none, and Enter takes none", async () => {
    await userEvent.click(field());
    await userEvent.keyboard("atlantis{Enter}");
    expect(screen.getByText("none")).toBeVisible();
    expect(submitted).not.toHaveBeenCalled();
  });

  test("a press takes one", async () => {
    await userEvent.click(field());
    await userEvent.click(screen.getByRole("option", { name: "Europe/Paris" }));
    expect(field()).toHaveValue("Europe/Paris");
  });
});
