import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { expect, test, vi } from "vitest";
import { FixCards } from "#app/(console)/connections/attempt/fix-cards.tsx";
import { sortMaterial } from "#lib/certificates/sort-material.ts";
import { catalogue, type ProblemCode, problemCodes } from "#lib/problems/catalogue.ts";
import { problem } from "#lib/problems/problem.ts";
import { Secret } from "#lib/secret.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { english } from "#messages/load-messages.ts";
import { openSslFiles } from "../unit/lib/certificates/openssl-files.ts";

vi.setConfig({ testTimeout: 30_000 });
// The real sorter answers, as the route does.
vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
  const { files, password } = JSON.parse(String(init.body)) as {
    files: { name: string; base64: string }[];
    password?: string;
  };
  const sorted = await sortMaterial(
    files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, "base64") })),
    { password: password === undefined ? undefined : new Secret(password) },
  );
  if (!sorted.ok) return Response.json({ type: "refused", problem: sorted.problem });
  const { ca, clientCertificate, clientKey, crl, notes, problems } = sorted.value;
  const boxes = { ca, clientCertificate, clientKey: clientKey.reveal(), crl };
  return Response.json({ type: "sorted", boxes, notes, problems });
});

const asText = (name: "leaf" | "plainKey") => Buffer.from(openSslFiles[name], "base64").toString();
const encryptedKey = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${(openSslFiles.aesKey.match(/.{1,64}/g) ?? []).join("\n")}\n-----END ENCRYPTED PRIVATE KEY-----\n`;

function show(code: ProblemCode = "client-certificate-required") {
  const applied = vi.fn<(change: FormChange) => void>();
  const found = problem(code);
  const fixes = catalogue[code].fixes.map((id) => ({ id }));
  render(
    <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
      <FixCards
        explained={
          {
            problem: { ...found, fixes },
            title: "",
            cause: "",
            fix: "",
            fixes: fixes.map(({ id }) => ({ title: english.fixes[id as "give-client-certificate"] })),
          } as never
        }
        place={{
          values: () => newFormValues,
          secrets: {} as never,
          demoClient: undefined,
          onApply: applied,
        }}
      />
    </NextIntlClientProvider>,
  );
  return {
    applied,
    user: userEvent.setup(),
    box: screen.getByRole("textbox", { name: "Certificate and key" }),
    secret: screen.getByLabelText("Passphrase, if the key has one"),
    apply: screen.getByRole("button", { name: "Apply: Add the client certificate and its key" }),
  };
}

test.each(
  problemCodes.filter((code) => catalogue[code].fixes.some((id) => id === "give-client-certificate")),
)("%s has the card", (code) => {
  expect(show(code).apply).toBeVisible();
});

test("certificate and encrypted key as one paste, with the passphrase: one press uses all three", async () => {
  const { user, box, secret, apply, applied } = show();
  await user.click(box);
  await user.paste(`${encryptedKey}${asText("leaf")}`);
  await user.click(apply);
  expect(await screen.findByText("The key is encrypted. Enter its passphrase.")).toBeVisible();
  expect(secret).toHaveFocus();
  expect(applied).not.toHaveBeenCalled();
  await user.type(secret, "x{Enter}");
  await vi.waitFor(() => expect(applied).toHaveBeenCalledOnce());
  const change = applied.mock.calls[0]?.[0];
  expect(change?.clientCertificate).toContain("BEGIN CERTIFICATE");
  expect(change?.clientKey).toContain("BEGIN ENCRYPTED PRIVATE KEY");
  expect(change?.keyPassphrase).toBe("x");
  expect(Object.keys(change ?? {})).toHaveLength(3);
});

test("a dropped PKCS#12 file is opened by the passphrase, and what is in it needs none", async () => {
  const { user, apply, secret, applied } = show();
  const chooser = document.querySelector('input[type="file"]') as HTMLInputElement;
  await user.upload(chooser, new File([Buffer.from(openSslFiles.modern, "base64")], "app.p12"));
  expect(screen.getByText("Files: app.p12")).toBeVisible();
  await user.type(secret, "wrong");
  await user.click(apply);
  expect(await screen.findByText("This passphrase does not open the file.")).toBeVisible();
  await user.clear(secret);
  await user.type(secret, "pässwörd");
  await user.click(apply);
  await vi.waitFor(() => expect(applied).toHaveBeenCalledOnce());
  const change = applied.mock.calls[0]?.[0];
  expect(change?.clientKey).toContain("BEGIN PRIVATE KEY");
  expect(change?.keyPassphrase).toBe("");
});

test.each([
  ["nothing", "", "Fill this in first."],
  ["no certificate", asText("plainKey"), "The certificate for this key is missing. Add it."],
  ["no key", asText("leaf"), "The private key is missing. Add it."],
  ["something else", "hello", "No certificate and key were found in this."],
])("%s is told, and nothing is tried", async (_what, text, said) => {
  const { user, box, apply, applied } = show();
  await user.click(box);
  if (text !== "") await user.paste(text);
  await user.click(apply);
  expect(await screen.findByText(said)).toBeVisible();
  expect(box).toHaveFocus();
  expect(applied).not.toHaveBeenCalled();
});
