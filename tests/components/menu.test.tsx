import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadMenu, Menu } from "#components/ui/menu.tsx";

const done = vi.fn();

beforeAll(async () => void (await loadMenu()));

beforeEach(() => {
  done.mockClear();
  render(
    <>
      <Menu
        label="More"
        items={[
          { label: "Test", onSelect: () => done("test") },
          { label: "Edit", href: "/edit", onSelect: () => done("edit") },
          "divider",
          { label: "Duplicate", disabled: true, hint: "full", onSelect: () => done("duplicate") },
          { label: "Delete", danger: true, onSelect: () => done("delete") },
        ]}
      >
        …
      </Menu>
      <button type="button">After</button>
    </>,
  );
});

const button = () => screen.getByRole("button", { name: "More" });
const focused = () => document.activeElement?.textContent;

describe("a menu button", () => {
  test("says what it has, and shows it only when it is open", async () => {
    expect(button()).toHaveAttribute("aria-haspopup", "menu");
    expect(button()).toHaveAttribute("aria-expanded", "false");
    expect(screen.queryByRole("menu")).toBeNull();
    await userEvent.click(button());
    expect(screen.getByRole("menu", { name: "More" })).toBeVisible();
    expect(button()).toHaveAttribute("aria-expanded", "true");
    expect(button().getAttribute("aria-controls")).toBe(screen.getByRole("menu").id);
    await userEvent.click(button());
    expect(screen.queryByRole("menu")).toBeNull();
  });

  test.each([
    ["{Enter}", "Test"],
    [" ", "Test"],
    ["{ArrowDown}", "Test"],
    ["{ArrowUp}", "Delete"],
    ["{ArrowDown}{ArrowDown}", "Edit"],
    ["{ArrowDown}{ArrowUp}", "Delete"],
    ["{ArrowUp}{ArrowDown}", "Test"],
    ["{ArrowUp}{Home}", "Test"],
    ["{ArrowDown}{End}", "Delete"],
    ["{ArrowDown}e", "Edit"],
    ["{ArrowDown}du", "Duplicatefull"],
    ["{ArrowDown}d", "Duplicatefull"],
    ["{ArrowDown}dd", "Delete"],
    ["{ArrowDown}x", "Test"],
  ])("after %j, %s has the focus", async (keys, name) => {
    button().focus();
    await userEvent.keyboard(keys);
    expect(focused()).toBe(name);
  });

  test("Escape gives the focus back, and nobody else hears it", async () => {
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    button().focus();
    await userEvent.keyboard("{ArrowDown}");
    heard.mockClear();
    await userEvent.keyboard("{Escape}");
    document.removeEventListener("keydown", heard);
    expect(button()).toHaveFocus();
    expect(screen.queryByRole("menu")).toBeNull();
  });

  test("Tab leaves for what comes after it", async () => {
    button().focus();
    await userEvent.keyboard("{ArrowDown}{Tab}");
    expect(focused()).toBe("After");
    expect(screen.queryByRole("menu")).toBeNull();
  });

  test.each(["{Enter}", " "])("%j does what the entry says, after the focus went back", async (key) => {
    button().focus();
    await userEvent.keyboard(`{ArrowDown}${key}`);
    expect(done).toHaveBeenCalledExactlyOnceWith("test");
    expect(button()).toHaveFocus();
  });

  test.each(["{Enter}", " "])("%j follows a link", async (key) => {
    button().focus();
    await userEvent.keyboard(`{ArrowDown}e${key}`);
    expect(done).toHaveBeenCalledExactlyOnceWith("edit");
  });

  test("what cannot be done now does nothing, and stays to say why", async () => {
    button().focus();
    await userEvent.keyboard("{ArrowDown}du{Enter}");
    expect(done).not.toHaveBeenCalled();
    expect(screen.getByRole("menuitem", { name: /Duplicate/ })).toHaveAttribute("aria-disabled", "true");
  });

  test("its box lies where nothing cuts it", async () => {
    await userEvent.click(button());
    expect(screen.getByRole("menu").parentElement?.style.top).toMatch(/px$/);
  });

  test("a press elsewhere closes it", async () => {
    await userEvent.click(button());
    await userEvent.click(screen.getByRole("button", { name: "After" }));
    expect(screen.queryByRole("menu")).toBeNull();
  });
});
