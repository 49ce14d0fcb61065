import { configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { sortMaterial } from "#lib/certificates/sort-material.ts";
import { mostGivenBytes, type SortAnswer } from "#lib/certificates/sorted-facts.ts";
import { Secret } from "#lib/secret.ts";
import { openSslFiles } from "../unit/lib/certificates/openssl-files.ts";
import { renderForm, savedView } from "./render-form.tsx";

// Finding by role is slow in jsdom, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });
configure({ asyncUtilTimeout: 10_000 });
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => {} }) }));

interface Asked {
  readonly files: readonly { readonly name: string; readonly base64: string }[];
  readonly password?: string;
  readonly into?: "ca" | "clientCertificate" | "clientKey" | "crl";
}

const asked = vi.fn<(question: Asked) => void>();
// The real sorter answers, as the route does; of the boxes' own readings nothing is needed here.
vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
  const question = JSON.parse(String(init.body));
  if (path !== "/api/material/sort") return Response.json({ certificates: [], crls: [], problems: [] });
  asked(question);
  return Response.json(await answerTo(question));
});

async function answerTo({ files, password, into }: Asked): Promise<SortAnswer> {
  const sorted = await sortMaterial(
    files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, "base64") })),
    { password: password === undefined ? undefined : new Secret(password), into },
  );
  if (!sorted.ok) return { type: "refused", problem: sorted.problem };
  const { ca, clientCertificate, clientKey, crl, notes, problems } = sorted.value;
  return {
    type: "sorted",
    boxes: { ca, clientCertificate, clientKey: clientKey.reveal(), crl },
    notes,
    problems,
  };
}

beforeEach(() => asked.mockClear());

const pem = (label: string, base64: string) =>
  `-----BEGIN ${label}-----\n${(base64.match(/.{1,64}/g) ?? []).join("\n")}\n-----END ${label}-----\n`;
const text = (name: "leaf" | "root" | "plainKey") => Buffer.from(openSslFiles[name], "base64").toString();
const file = (name: string, content: string | Uint8Array<ArrayBuffer>) => new File([content], name);
const binary = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const field = (name: string) => screen.getByRole("textbox", { name });
const zone = () => screen.getByTestId("all-files");
const mutual = () => screen.getByRole("region", { name: "Mutual TLS" });

describe("all files at once", () => {
  test("fill the right boxes, and it is said what went where", async () => {
    const { user } = renderForm();
    fireEvent.change(zone(), {
      target: {
        files: [
          file("key.pem", text("plainKey")),
          file("ca.crt", text("root")),
          file("me.crt", text("leaf")),
        ],
      },
    });
    await waitFor(() => expect(field("Client certificate")).toHaveValue(text("leaf")));
    expect(field("Client key")).toHaveValue(text("plainKey"));
    const said = within(mutual());
    expect(await said.findByText("1 certificate to “CA certificate” (ca.crt)")).toBeVisible();
    expect(said.getByText("1 certificate to “Client certificate” (me.crt)")).toBeVisible();
    expect(said.getByText("The private key to “Client key” (key.pem)")).toBeVisible();
    // What is trusted changes with a click only.
    expect(said.getByText(/is unused while Trust is set to something else/)).toBeVisible();
    await user.click(said.getByRole("button", { name: "Trust this certificate" }));
    expect(field("CA certificate")).toHaveValue(text("root"));
    expect(said.queryByRole("button", { name: "Trust this certificate" })).toBeNull();
  });

  test("a PKCS#12 file, and it alone, asks for its password", async () => {
    const { user } = renderForm();
    expect(screen.queryByLabelText(/^Password for/)).toBeNull();
    fireEvent.change(zone(), { target: { files: [file("me.p12", binary(openSslFiles.modern))] } });
    await user.type(await screen.findByLabelText("Password for me.p12"), "wrong{Enter}");
    await waitFor(() =>
      expect(screen.getByRole("alert")).toHaveAttribute("data-problem", "pkcs12-password-wrong"),
    );
    const password = screen.getByLabelText("Password for me.p12");
    await user.clear(password);
    await user.type(password, "pässwörd");
    await user.click(screen.getByRole("button", { name: "Open" }));
    await waitFor(() => expect(field("Client certificate")).toHaveValue(text("leaf")));
    expect((field("Client key") as HTMLTextAreaElement).value).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(screen.queryByLabelText(/^Password for/)).toBeNull();
  });

  test("what cannot be used is named, with how to convert it", async () => {
    renderForm();
    fireEvent.change(zone(), { target: { files: [file("id", "PuTTY-User-Key-File-3: ssh-ed25519\n")] } });
    const told = await screen.findByText(/^id: TLS does not use this key format/);
    expect(told).toBeVisible();
    expect(within(mutual()).getByText(/In PuTTYgen, open the key/)).toBeVisible();
  });

  test("more than 1 MB is refused before it is sent", async () => {
    renderForm();
    const large = new File([new Uint8Array(mostGivenBytes + 1)], "large.bin");
    fireEvent.change(zone(), { target: { files: [large] } });
    expect(await screen.findByText(/limit is 100 files and 1 MB in total/)).toBeVisible();
    expect(asked).not.toHaveBeenCalled();
  });

  test("a key that is found replaces a stored one", async () => {
    const stored = { password: false, clientKey: true, keyPassphrase: false, tokenSecret: false };
    renderForm({ view: savedView({}, { stored }) });
    fireEvent.change(zone(), { target: { files: [file("key.pem", text("plainKey"))] } });
    await waitFor(() => expect(field("Client key")).toHaveValue(text("plainKey")));
  });
});

describe("in a box", () => {
  test("a key dropped on the certificate's box goes to its own, with a note", async () => {
    renderForm();
    fireEvent.drop(field("Client certificate"), {
      dataTransfer: { types: ["Files"], files: [file("key.pem", text("plainKey"))] },
    });
    await waitFor(() => expect(field("Client key")).toHaveValue(text("plainKey")));
    expect(field("Client certificate")).toHaveValue("");
    expect(await screen.findByText("Nothing in it belongs in “Client certificate”.")).toBeVisible();
  });

  test("so does one that is pasted", async () => {
    const { user } = renderForm();
    await user.click(field("Client certificate"));
    await user.paste(text("plainKey"));
    await waitFor(() => expect(field("Client key")).toHaveValue(text("plainKey")));
    expect(field("Client certificate")).toHaveValue("");
    expect(await screen.findByText("Nothing in it belongs in “Client certificate”.")).toBeVisible();
  });

  test("a file may be pasted like text", async () => {
    renderForm();
    fireEvent.paste(field("Client certificate"), {
      clipboardData: { files: [file("me.cer", text("leaf"))], getData: () => "" },
    });
    await waitFor(() => expect(field("Client certificate")).toHaveValue(text("leaf")));
  });

  test("a pasted Kubernetes Secret is taken apart", async () => {
    const { user } = renderForm();
    const secret = `kind: Secret\ndata:\n  tls.crt: ${btoa(text("leaf"))}\n  tls.key: ${btoa(text("plainKey"))}\n`;
    await user.click(field("Client key"));
    await user.paste(secret);
    await waitFor(() => expect(field("Client key")).toHaveValue(text("plainKey")));
    expect(field("Client certificate")).toHaveValue(text("leaf"));
  });

  test("a pasted PKCS#7 bundle leaves its box when nothing of it belongs there", async () => {
    const { user } = renderForm();
    await user.click(field("Client key"));
    await user.paste(pem("PKCS7", openSslFiles.bundle));
    await waitFor(() => expect(field("Client certificate")).toHaveValue(text("leaf")));
    expect(field("Client key")).toHaveValue("");
  });

  test("what is none of these stays on the page", async () => {
    const { user } = renderForm();
    await user.click(field("Client certificate"));
    await user.paste("Please find the certificate attached. Kind regards, the DBA of the example company.");
    expect(await screen.findByRole("alert")).toHaveAttribute("data-problem", "pem-not-a-certificate");
    expect(asked).not.toHaveBeenCalled();
  });
});
