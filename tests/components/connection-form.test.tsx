import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadStringReader } from "#app/(console)/connections/form/connection-string-box.tsx";
import type { MaterialFacts } from "#lib/certificates/material.ts";
import { renderForm, savedView } from "./render-form.tsx";

const push = vi.fn();
// Finding by role is slow in jsdom, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));

const nothing: MaterialFacts = { certificates: [], crls: [], problems: [] };
const understood = vi.fn<(asked: { box: string; text: string; passphrase?: string }) => MaterialFacts>();
vi.stubGlobal("fetch", async (path: string, init: RequestInit) =>
  path.startsWith("/api/trust")
    ? Response.json({ roots: rootsHere })
    : Response.json(understood(JSON.parse(String(init.body)))),
);
const rootsHere = [
  { name: "Amazon Root CA 1", sha256: "AA", notAfter: "2038-01-17", inSystem: true, inMozilla: true },
  { name: "Amazon Root CA 2", sha256: "BB", notAfter: "2040-05-26", inSystem: false, inMozilla: true },
  { name: "Amazon Root CA 3", sha256: "CC", notAfter: "2040-05-26", inSystem: true, inMozilla: true },
];

// In the browser it is fetched with the first touch of the form.
beforeAll(() =>
  Promise.all([loadStringReader(), import("#app/(console)/connections/form/provider-notes.tsx")]),
);
beforeEach(() => {
  push.mockClear();
  understood.mockReset().mockReturnValue(nothing);
});

// Whole by their form; what they hold is the server's to say.
const certificate = "-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n";
const plainKey = "-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----\n";
const encryptedKeys = {
  "PKCS#8": "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAMCAQA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
  "PKCS#1":
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0011\n\nMAMCAQA=\n-----END RSA PRIVATE KEY-----\n",
  SEC1: "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0011\n\nMAMCAQA=\n-----END EC PRIVATE KEY-----\n",
};

const box = () => screen.getByRole("textbox", { name: "Connection string" });
const field = (name: string) => screen.getByRole("textbox", { name });
const mode = (name: RegExp) =>
  within(screen.getByRole("radiogroup", { name: "SSL mode" })).getByRole("radio", { name });
const trust = (name: string) =>
  within(screen.getByRole("radiogroup", { name: "Trust" })).getByRole("radio", { name });

async function paste(user: UserEvent, into: HTMLElement, text: string) {
  await user.clear(into);
  await user.click(into);
  await user.paste(text);
}

describe("SSL (C1, C2)", () => {
  test("a new connection starts with SSL on, Verify Full and the system's trust", () => {
    renderForm();
    expect(screen.getByRole("switch", { name: "SSL" })).toBeChecked();
    expect(mode(/^Verify Full/)).toBeChecked();
    expect(trust("System")).toBeChecked();
    expect(screen.getByText("Encrypted; chain and host name are checked")).toBeVisible();
  });

  test("each mode shows its one-line meaning where it is chosen", () => {
    renderForm();
    expect(mode(/^Require.*does not check the certificate/)).toBeVisible();
    expect(mode(/^Verify CA.*certificate chain, but not the host name/)).toBeVisible();
    expect(mode(/^Verify Full.*certificate chain and the host name/)).toBeVisible();
  });

  test("Disable is one of four, and the switch goes with it both ways", async () => {
    const { user } = renderForm();
    const ssl = screen.getByRole("switch", { name: "SSL" });
    await user.click(mode(/^Verify CA/));
    await user.click(mode(/^Disable/));
    expect(ssl).not.toBeChecked();
    await user.click(ssl);
    expect(mode(/^Verify CA/)).toBeChecked();
    await user.click(ssl);
    expect(mode(/^Disable/)).toBeChecked();
    await user.click(mode(/^Require/));
    expect(ssl).toBeChecked();
    expect(mode(/^Require/)).toBeChecked();
    const modes = within(screen.getByRole("radiogroup", { name: "SSL mode" }));
    expect(modes.getAllByRole("radio")).toHaveLength(4);
  });

  test("off says what Disable means and takes what only TLS has away", async () => {
    const { user } = renderForm();
    await user.click(screen.getByRole("switch", { name: "SSL" }));
    expect(screen.getByText(/^Disable: no TLS/)).toBeVisible();
    expect(screen.queryByRole("radiogroup", { name: "Trust" })).toBeNull();
    expect(screen.queryByRole("checkbox", { name: "Allow self-signed certificates" })).toBeNull();
    expect(screen.getByText("Not encrypted")).toBeVisible();
  });

  test("one click relaxes to Require, and says what is lost", async () => {
    const { user } = renderForm();
    await user.click(screen.getByRole("button", { name: "Use Require without checks" }));
    expect(mode(/^Require/)).toBeChecked();
    expect(screen.getByText("Encrypted; the certificate is not checked")).toBeVisible();
  });

  test("Prefer and Allow come under Advanced, marked as opportunistic", async () => {
    const { user } = renderForm();
    const modes = within(screen.getByRole("radiogroup", { name: "SSL mode" }));
    expect(modes.queryByRole("radio", { name: /^Prefer/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: /^Advanced/ }));
    await user.click(mode(/^Prefer/));
    expect(modes.getAllByText("Opportunistic")).toHaveLength(2);
    expect(screen.getByText("May use plain text; nothing is checked")).toBeVisible();
  });

  test("Verify CA with the system's trust is refused at once", async () => {
    const { user } = renderForm();
    await user.click(mode(/^Verify CA/));
    const group = screen.getByRole("radiogroup", { name: "Trust" });
    expect(group).toHaveAttribute("aria-invalid", "true");
    expect(within(group).getByRole("alert")).toHaveAttribute("data-problem", "trust-weak-mode");
    await user.click(trust("This certificate"));
    expect(within(group).queryByRole("alert")).toBeNull();
  });
});

describe("the connection string", () => {
  test("a pasted string fills the fields, and its password leaves the box", async () => {
    const { user } = renderForm();
    await paste(user, box(), "postgres://app:s3cret@db.example.test:5433/shop?sslmode=verify-ca");
    expect(field("Host")).toHaveValue("db.example.test");
    expect(field("Port")).toHaveValue("5433");
    expect(field("Database")).toHaveValue("shop");
    expect(field("User")).toHaveValue("app");
    expect(screen.getByLabelText("Password")).toHaveValue("s3cret");
    expect(mode(/^Verify CA/)).toBeChecked();
    expect(box()).toHaveValue("postgres://app@db.example.test:5433/shop?sslmode=verify-ca");
    expect(await screen.findByText("The password was moved to its own field.")).toBeVisible();
  });

  test("keywords are read, too, and stay keywords", async () => {
    const { user } = renderForm();
    await paste(user, box(), "host=db.example.test user=app dbname=shop sslmode=require password='a b'");
    expect(screen.getByLabelText("Password")).toHaveValue("a b");
    expect(box()).toHaveValue("host=db.example.test port=5432 dbname=shop user=app sslmode=require");
  });

  test("the fields write the string, sslmode included (C3), never the password", async () => {
    const { user } = renderForm();
    await user.type(field("Host"), "db.example.test");
    await user.type(field("User"), "app");
    await user.type(screen.getByLabelText("Password"), "s3cret");
    expect(box()).toHaveValue("postgres://app@db.example.test:5432/?sslmode=verify-full&sslrootcert=system");
    await user.click(mode(/^Require/));
    expect(box()).toHaveValue("postgres://app@db.example.test:5432/?sslmode=require");
    await user.click(screen.getByRole("switch", { name: "SSL" }));
    expect(box()).toHaveValue("postgres://app@db.example.test:5432/?sslmode=disable");
  });

  test("typed letter by letter the fields follow and nothing typed is rewritten", async () => {
    const { user } = renderForm();
    await user.type(box(), "postgres://app:pw@db.example.test/shop?sslmode=require");
    expect(box()).toHaveValue("postgres://app:pw@db.example.test/shop?sslmode=require");
    expect(field("Host")).toHaveValue("db.example.test");
    expect(screen.getByLabelText("Password")).toHaveValue("pw");
    await user.tab();
    expect(box()).toHaveValue("postgres://app@db.example.test:5432/shop?sslmode=require");
  });

  test("a string without sslmode leaves TLS as it is shown, and says so", async () => {
    const { user } = renderForm();
    await paste(user, box(), "postgres://app@db.example.test/shop");
    expect(mode(/^Verify Full/)).toBeChecked();
    expect(await screen.findByText(/does not set sslmode/)).toBeVisible();
  });

  test("sslmode=disable turns the switch off", async () => {
    const { user } = renderForm();
    await paste(user, box(), "postgres://app@db.example.test/shop?sslmode=disable");
    expect(screen.getByRole("switch", { name: "SSL" })).not.toBeChecked();
  });

  test("a misspelt mode is refused with its code, and fixed with a click", async () => {
    const { user } = renderForm();
    await paste(user, box(), "postgres://app@db.example.test/shop?sslmode=verify-ful");
    expect(box()).toHaveAttribute("aria-invalid", "true");
    expect(screen.getByRole("alert")).toHaveAttribute("data-problem", "string-sslmode-unknown");
    await user.click(await screen.findByRole("button", { name: "Apply: sslmode=verify-full" }));
    expect(field("Host")).toHaveValue("db.example.test");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("a file that it names becomes a request for its content", async () => {
    const { user } = renderForm();
    await paste(user, box(), "postgres://a@db.example.test/d?sslmode=verify-full&sslrootcert=/etc/ca.pem");
    expect(trust("This certificate")).toBeChecked();
    expect(await screen.findByRole("button", { name: "Choose ca.pem" })).toBeVisible();
  });

  test("what has no use here is shown", async () => {
    const { user } = renderForm();
    await paste(user, box(), "postgres://a@db.example.test/d?sslmode=require&keepalives=1");
    expect(await screen.findByText("Ignored: keepalives=1")).toBeVisible();
  });
});

describe("certificates and keys (C4, C6, C7)", () => {
  test("a CA is pasted, and what was understood is shown below its box", async () => {
    understood.mockReturnValue({ ...nothing, certificates: [caFacts] });
    const { user } = renderForm();
    await user.click(trust("This certificate"));
    await paste(user, field("CA certificate"), certificate);
    expect(await screen.findByText("CN=Example CA")).toBeVisible();
    expect(screen.getByText("61 days left")).toBeVisible();
    expect(screen.getByText(caFacts.sha256)).toBeVisible();
  });

  test("a client certificate and its key are one chain, and a key of another one breaks it", async () => {
    const client = { ...caFacts, subject: "CN=app", selfSigned: false, ca: false };
    const key = { kind: "PKCS#8", encrypted: false, description: "EC P-256", belongs: false };
    understood.mockReturnValue({ ...nothing, certificates: [client], key });
    renderForm();
    fireEvent.change(field("Client certificate"), { target: { value: certificate } });
    fireEvent.change(field("Client key"), { target: { value: plainKey } });
    const chain = await screen.findByRole("list", { name: "The client’s certificate chain" });
    await waitFor(() => expect(within(chain).getAllByRole("listitem")).toHaveLength(3));
    const [first, second, third] = within(chain).getAllByRole("listitem");
    expect(first).toHaveTextContent(/^Private keyEC P-256Key of another certificate$/);
    expect(second).toHaveTextContent(/^Client certificateCN=app.*issued by$/);
    expect(third).toHaveTextContent("Example CA");
  });

  test("a CA is read from a chosen file", async () => {
    renderForm();
    fireEvent.click(trust("This certificate"));
    const chooser = document.querySelector<HTMLInputElement>("input[type=file]");
    if (chooser === null) throw new Error("no file chooser");
    fireEvent.change(chooser, { target: { files: [new File([certificate], "ca.pem")] } });
    await waitFor(() => expect(field("CA certificate")).toHaveValue(certificate));
  });

  test("a key typed in a certificate's box is refused with its code, not sent, and moved with a click", async () => {
    const { user } = renderForm();
    fireEvent.change(field("Client certificate"), { target: { value: plainKey } });
    const alert = screen.getByRole("alert");
    expect(alert).toHaveAttribute("data-problem", "pem-wrong-box");
    expect(alert).toHaveTextContent("This is a private key. It belongs in “Client key”.");
    await user.click(await screen.findByRole("button", { name: "Move to “Client key”" }));
    expect(field("Client certificate")).toHaveValue("");
    expect(field("Client key")).toHaveValue(plainKey);
  });

  test("a cut certificate is refused with its code", async () => {
    const { user } = renderForm();
    await paste(user, field("Client certificate"), "-----BEGIN CERTIFICATE-----\nMAMC");
    expect(screen.getByRole("alert")).toHaveAttribute("data-problem", "pem-truncated");
  });

  test.each(Object.entries(encryptedKeys))(
    "an encrypted %s key brings up the passphrase",
    async (_form, key) => {
      const { user } = renderForm();
      expect(screen.queryByLabelText("Key passphrase")).toBeNull();
      await paste(user, field("Client key"), key);
      expect(screen.getByLabelText("Key passphrase")).toBeVisible();
      await paste(user, field("Client key"), plainKey);
      expect(screen.queryByLabelText("Key passphrase")).toBeNull();
    },
  );

  test("a wrong passphrase is told beside it", async () => {
    understood.mockImplementation(({ box: which, passphrase }) =>
      which === "clientKey" && passphrase === "wrong"
        ? {
            ...nothing,
            key: { kind: "PKCS#8", encrypted: true },
            problems: [{ code: "key-passphrase-wrong", step: "input", facts: {}, fixes: [], also: [] }],
          }
        : nothing,
    );
    const { user } = renderForm();
    await paste(user, field("Client key"), encryptedKeys["PKCS#8"]);
    await user.type(screen.getByLabelText("Key passphrase"), "wrong");
    await waitFor(() => expect(screen.getByLabelText("Key passphrase")).toBeInvalid());
    expect(screen.getByRole("alert")).toHaveAttribute("data-problem", "key-passphrase-wrong");
  });
});

describe("Allow self-signed certificates (C8)", () => {
  test.each([/^Require/, /^Verify CA/, /^Verify Full/])(
    "can be ticked with %s, and says what is given up",
    async (name) => {
      const { user } = renderForm();
      await user.click(mode(name));
      await user.click(screen.getByRole("checkbox", { name: "Allow self-signed certificates" }));
      expect(await screen.findByRole("note")).toHaveTextContent("Verification is off");
      expect(screen.getByText("Encrypted; nothing is checked")).toBeVisible();
    },
  );

  test("mode, string and badge say the same, and asking for checks switches it off", async () => {
    const { user } = renderForm({ view: savedView({ mode: "verify-full", trust: "system" }) });
    const tick = screen.getByRole("checkbox", { name: "Allow self-signed certificates" });
    const says = (word: string, badge: string) => {
      expect((box() as HTMLTextAreaElement).value).toMatch(new RegExp(`sslmode=${word}(?:&|$)`));
      expect(screen.getByText(badge)).toBeVisible();
    };
    says("verify-full", "Encrypted; chain and host name are checked");
    await user.click(tick);
    expect(mode(/^Require/)).toBeChecked();
    says("require", "Encrypted; nothing is checked");
    expect((box() as HTMLTextAreaElement).value).not.toContain("sslrootcert");
    await user.click(tick);
    expect(mode(/^Verify Full/)).toBeChecked();
    says("verify-full", "Encrypted; chain and host name are checked");
    await user.click(tick);
    await user.click(mode(/^Verify Full/));
    expect(tick).not.toBeChecked();
    says("verify-full", "Encrypted; chain and host name are checked");
  });
});

describe("what is missing", () => {
  test("is told at its field and in the result, and nothing is tried", async () => {
    const { user, test: tested } = renderForm();
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    const result = within(screen.getByRole("status", { name: "Connection result" }));
    expect(await result.findByRole("alert")).toHaveTextContent("Fix 2 fields first.");
    expect(field("Host")).toBeInvalid();
    expect(field("User")).toBeInvalid();
    expect(field("Host")).toHaveAccessibleDescription("Enter the server’s host name or address.");
    expect(tested).not.toHaveBeenCalled();
  });

  test("a problem that the server finds lands on its field, and nothing typed is lost", async () => {
    const { user } = renderForm({
      save: async () => ({
        type: "fields",
        problems: {
          fields: {
            port: {
              code: "setting-invalid",
              step: "input",
              facts: { reason: "port-range" },
              fixes: [],
              also: [],
            },
          },
        },
      }),
    });
    await paste(user, box(), "postgres://app:s3cret@db.example.test/shop?sslmode=require");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(field("Port")).toBeInvalid());
    expect(screen.getByLabelText("Password")).toHaveValue("s3cret");
    expect(push).not.toHaveBeenCalled();
  });
});

describe("a stored secret", () => {
  const stored = { stored: { password: true, clientKey: false, keyPassphrase: false, tokenSecret: false } };

  test("is shown as Stored, with Replace and Remove, and no value", () => {
    renderForm({ view: savedView({}, stored) });
    const group = within(screen.getByRole("group", { name: "Password" }));
    expect(group.getByText("Stored")).toBeVisible();
    expect(group.getByRole("button", { name: "Replace" })).toBeVisible();
    expect(group.getByRole("button", { name: "Remove" })).toBeVisible();
    expect(document.querySelector("input[type=password]")).toBeNull();
  });

  test("is kept when nothing is done", async () => {
    const { user, save } = renderForm({ view: savedView({}, stored) });
    await user.type(field("Name"), " two");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(save).toHaveBeenCalled());
    expect(save.mock.calls[0]?.[0]).toMatchObject({ password: "", secretActs: { password: "keep" } });
    expect(save.mock.calls[0]?.[1]).toEqual({ id: "c1", rev: 3 });
    expect(await screen.findByText("Saved.")).toBeVisible();
  });

  test("is replaced by what is typed", async () => {
    const { user, save } = renderForm({ view: savedView({}, stored) });
    await user.click(screen.getByRole("button", { name: "Replace" }));
    await user.type(screen.getByLabelText("Password"), "new");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(save).toHaveBeenCalled());
    expect(save.mock.calls[0]?.[0]).toMatchObject({
      password: "new",
      secretActs: { password: "replace" },
    });
  });

  test("is removed when that was asked, and can be kept after all", async () => {
    const { user, save } = renderForm({ view: savedView({}, stored) });
    await user.click(screen.getByRole("button", { name: "Remove" }));
    expect(screen.getByText("Removed when you save")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Keep the stored value" }));
    await user.click(screen.getByRole("button", { name: "Remove" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(save).toHaveBeenCalled());
    expect(save.mock.calls[0]?.[0]).toMatchObject({ secretActs: { password: "remove" } });
  });

  test("must be typed again when the server asks for it", async () => {
    const { user } = renderForm({
      view: savedView({}, stored),
      save: async () => ({
        type: "fields",
        problems: {
          fields: {
            password: {
              code: "setting-invalid",
              step: "input",
              facts: { reason: "secret-again" },
              fixes: [],
              also: [],
            },
          },
        },
      }),
    });
    await user.type(field("Host"), ".evil");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByLabelText("Password")).toBeInvalid();
  });
});

describe("the provider of the host", () => {
  test("is recognised, its notes stand beside the form, its roots can be trusted", async () => {
    const { user } = renderForm();
    expect(trust("Provider")).toBeDisabled();
    await paste(
      user,
      box(),
      "postgres://app@shop.abc123.eu-west-1.rds.amazonaws.com/shop?sslmode=verify-full",
    );
    expect(await screen.findByRole("heading", { name: "About Amazon RDS and Aurora" })).toBeVisible();
    expect(trust("Provider")).toBeEnabled();
    expect(trust("Provider")).toBeChecked();
    expect(screen.getByText(/^Set for this host:.*Trust: Provider/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(trust("System")).toBeChecked();
  });

  test("D7: a DSQL host brings its token sign-in, and takes it along when it goes", async () => {
    const host = "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws";
    const { user } = renderForm();
    await user.click(field("Host"));
    await user.paste(host);
    expect(await screen.findByRole("heading", { name: "About Amazon Aurora DSQL" })).toBeVisible();
    expect(field("User")).toHaveValue("admin");
    expect(await screen.findByText("Amazon Root CA 1 is in the system trust store.")).toBeVisible();
    expect(
      screen.getByText(/Amazon Root CA 2 is not in the system trust store but in Mozilla’s/),
    ).toBeVisible();
    expect(screen.queryByText(/Amazon Root CA 3/)).toBeNull();
    await user.clear(field("Host"));
    await user.paste("db.example.test");
    await waitFor(() => expect(screen.queryByRole("heading", { name: /^About/ })).toBeNull());
  });

  test("H1: an Azure host turns SSL on and says so", async () => {
    const { user } = renderForm();
    await user.click(screen.getByRole("switch", { name: "SSL" }));
    expect(screen.getByRole("switch", { name: "SSL" })).not.toBeChecked();
    await user.click(field("Host"));
    await user.paste("c-shop.abcdefghij1234.postgres.cosmos.azure.com");
    expect(await screen.findByText(/^Set for this host:.*SSL/)).toBeVisible();
    expect(screen.getByRole("switch", { name: "SSL" })).toBeChecked();
    expect(screen.getByText(/check the server’s firewall rules/)).toBeVisible();
  });

  test("C11: roots that an owner gave are what Supabase is trusted by", async () => {
    const host = "db.abcdefghijklmnopqrst.supabase.co";
    const { user } = renderForm({ givenRoots: { supabase: "private" } });
    await user.click(field("Host"));
    await user.paste(host);
    expect(await screen.findByRole("heading", { name: "About Supabase" })).toBeVisible();
    expect(trust("Provider")).toBeChecked();
  });
});

const caFacts = {
  subject: "CN=Example CA",
  issuer: "CN=Example CA",
  sans: [],
  serial: "01",
  notBefore: "2026-01-01T00:00:00.000Z",
  notAfter: "2036-01-01T00:00:00.000Z",
  daysLeft: 61,
  key: "EC P-256",
  signature: "ecdsa-with-SHA256",
  sha256: "AA:BB:CC",
  selfSigned: true,
  ca: true,
  keyUsage: [],
  extendedKeyUsage: [],
  pem: certificate,
};
