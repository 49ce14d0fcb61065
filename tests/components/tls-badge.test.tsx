import { screen, within } from "@testing-library/react";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { TlsBadge } from "#app/(console)/connections/[id]/tls/tls-badge.tsx";
import { TlsReportDialog } from "#app/(console)/connections/[id]/tls/tls-report-dialog.tsx";
import type { Failed } from "#app/(console)/connections/[id]/tls/tls-report-sections.ts";
import { attempt, certificate, renderSession, tlsReport } from "./render-session.tsx";

beforeAll(() => {
  // jsdom has the element, not its methods.
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

const psql = "psql 'host=db.example.test sslmode=verify-full'";

async function opened(report = attempt()) {
  const { user } = renderSession(<TlsBadge report={report} psql={psql} />);
  await user.click(screen.getByRole("button", { name: /^TLS/ }));
  return { user, dialog: within(await screen.findByRole("dialog", { name: "TLS report" })) };
}

describe("the badge", () => {
  test.each([
    ["Verified: chain and name", tlsReport({ verified: "full" })],
    ["Verified: chain", tlsReport({ verified: "ca" })],
    ["Pinned", tlsReport({ verified: "pinned" })],
    ["Encrypted, not verified", tlsReport({ verified: "none", anchor: null })],
    ["Not encrypted", null],
  ])("says %s", (truth, tls) => {
    renderSession(<TlsBadge report={attempt({ tls, server: null })} psql={psql} />);
    expect(screen.getByRole("button", { name: `TLS ${truth}` })).toBeVisible();
  });

  test("warns where the two ends disagree", () => {
    const report = attempt();
    const sees = { ssl: false, version: null, cipher: null, clientDn: null };
    renderSession(
      <TlsBadge report={{ ...report, server: report.server && { ...report.server, sees } }} psql={psql} />,
    );
    expect(screen.getByRole("button", { name: /^TLS.*two views differ/ })).toBeVisible();
  });
});

describe("the report", () => {
  test("has what the live socket and the server say", async () => {
    const { dialog } = await opened();
    for (const text of ["TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519", "db.example.test", "System"]) {
      expect(dialog.getAllByText(text).length).toBeGreaterThan(0);
    }
    expect(dialog.getByText("authentication is bound to this TLS connection")).toBeVisible();
    expect(dialog.getByText("Both views match.")).toBeVisible();
    expect(dialog.getByText(psql)).toBeVisible();
  });

  test("has both chains, each certificate with its facts", async () => {
    const { user, dialog } = await opened();
    expect(dialog.getByRole("heading", { name: "Server certificate chain, as sent" })).toBeVisible();
    expect(dialog.getByRole("heading", { name: "Verified chain" })).toBeVisible();
    const listOf = (heading: string) => {
      const section = dialog.getByRole("heading", { name: heading }).closest("section");
      return within(within(section as HTMLElement).getByRole("list"));
    };
    const [sent, verified] = [listOf("Server certificate chain, as sent"), listOf("Verified chain")];
    expect(sent.getAllByRole("listitem")).toHaveLength(2);
    expect(verified.getAllByRole("listitem")).toHaveLength(3);
    const leaf = within(sent.getAllByRole("listitem")[0] as HTMLElement);
    expect(leaf.getByText("DNS:db.example.test")).not.toBeVisible();
    await user.click(leaf.getByText("CN=db.example.test", { selector: "summary bdi" }));
    for (const text of ["DNS:db.example.test", "EC P-256", "SHA-256 with ECDSA", "AA:BB", "01:02"]) {
      expect(leaf.getByText(text)).toBeVisible();
    }
    expect(leaf.getByText(/Jan 1, 2026 to Jan 1, 2027 · 40 days left/)).toBeVisible();
  });

  test("draws the chain that is behind the verdict", async () => {
    const { dialog } = await opened();
    const chain = within(dialog.getByRole("list", { name: "The server’s certificate chain" }));
    expect(chain.getAllByRole("listitem").map((place) => place.dataset.chain)).toEqual([
      "host",
      "leaf",
      "intermediate",
      "root",
      "store",
    ]);
  });

  test("says what an unverified connection leaves open, and why a check would fail", async () => {
    const tls = tlsReport({
      verified: "none",
      anchor: null,
      unverifiedReason: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
    const { dialog } = await opened(attempt({ tls }));
    expect(dialog.getByText(/Someone in between could still impersonate the server/)).toBeVisible();
    expect(dialog.getByText(/DEPTH_ZERO_SELF_SIGNED_CERT/)).toBeVisible();
    expect(dialog.getByText("none: nothing was verified")).toBeVisible();
    expect(dialog.queryByRole("heading", { name: "Verified chain" })).toBeNull();
  });

  test("explains a pooler's leg", async () => {
    const report = attempt();
    const sees = { ssl: false, version: null, cipher: null, clientDn: null };
    const { dialog } = await opened({ ...report, server: report.server && { ...report.server, sees } });
    expect(dialog.getByText(/From there to the server, data travels in plain text/)).toBeVisible();
  });

  test("shows an expired certificate as such, and a client certificate apart", async () => {
    const tls = tlsReport({
      chain: [certificate({ daysLeft: -3 })],
      clientCertificate: certificate({ subject: "CN=app", sha256: "12:34" }),
    });
    const { dialog } = await opened(attempt({ tls }));
    expect(dialog.getAllByText(/expired 3 days ago/).length).toBeGreaterThan(0);
    expect(dialog.getByRole("heading", { name: "Client certificate" })).toBeVisible();
  });

  test("is copied as Markdown and as JSON", async () => {
    const { user, dialog } = await opened();
    const copied = vi.spyOn(navigator.clipboard, "writeText");
    await user.click(dialog.getByRole("button", { name: "Copy as Markdown" }));
    const markdown = copied.mock.lastCall?.[0] ?? "";
    expect(markdown).toContain("# TLS report: Verified: chain and name");
    expect(markdown).toContain("- **Protocol:** `TLSv1.3`");
    expect(markdown).toContain("### Trust anchor");
    expect(markdown).toContain(psql);
    await user.click(dialog.getByRole("button", { name: "Copy as JSON" }));
    const json = JSON.parse(copied.mock.lastCall?.[0] ?? "{}");
    expect(json).toMatchObject({
      tls: { protocol: "TLSv1.3", chain: [{ sha256: "AA:BB" }, {}] },
      server: { version: "18.4" },
    });
  });

  test("what a certificate says stays text", async () => {
    const tls = tlsReport({ chain: [certificate({ subject: "CN=<img src=x>\u202e``evil" })] });
    const { user, dialog } = await opened(attempt({ tls }));
    expect(dialog.getAllByText(/CN=<img src=x>/).length).toBeGreaterThan(0);
    const copied = vi.spyOn(navigator.clipboard, "writeText");
    await user.click(dialog.getByRole("button", { name: "Copy as Markdown" }));
    expect(copied.mock.lastCall?.[0]).toContain("``` CN=<img src=x>");
  });
});

describe("the report of an attempt that failed", () => {
  const failed = {
    problem: {
      code: "tls-hostname-mismatch",
      step: "host-name",
      facts: { host: "wrong.test", names: ["a.test", "db.test"], nearest: "db.test" },
      fixes: [{ id: "use-verify-ca", change: { mode: "verify-ca" } }],
      also: ["tls-expired"],
    },
    title: "The certificate is for another name",
    cause: "It names other hosts.",
    steps: [
      { name: "handshake", state: "passed", ms: 1.23, facts: { protocol: "TLSv1.3", sni: null } },
      { name: "host-name", state: "failed", ms: 0.1, facts: { nearest: "db.test" } },
      { name: "session", state: "skipped", ms: 0, facts: {} },
    ],
  } as const satisfies Failed;
  const tls = tlsReport({
    verified: "none",
    anchor: null,
    channelBinding: false,
    channelBindingOffered: null,
  });

  test("begins with the problem and the steps, and claims no verification", async () => {
    renderSession(
      <TlsReportDialog report={{ tls, server: null, failed }} psql="" open onClose={() => undefined} />,
    );
    const dialog = within(await screen.findByRole("dialog", { name: "TLS report" }));
    expect(dialog.getByText("The certificate is for another name")).toBeVisible();
    expect(dialog.getByText("Passed · 1.2 ms · TLS version: TLSv1.3")).toBeVisible();
    expect(dialog.getByText(/^Failed · .*Closest name in the certificate: db\.test$/)).toBeVisible();
    expect(dialog.getByRole("heading", { name: "Partial chain" })).toBeVisible();
    expect(dialog.queryByText("Encrypted, not verified")).toBeNull();
  });

  test("is copied as Markdown and as JSON", async () => {
    const { user } = renderSession(
      <TlsReportDialog report={{ tls, server: null, failed }} psql="" open onClose={() => undefined} />,
    );
    await user.click(screen.getByRole("button", { name: "Copy as Markdown" }));
    const markdown = await navigator.clipboard.readText();
    expect(markdown).toContain("# TLS report: The certificate is for another name");
    expect(markdown).toContain("- **Code:** `tls-hostname-mismatch`");
    await user.click(screen.getByRole("button", { name: "Copy as JSON" }));
    const json = JSON.parse(await navigator.clipboard.readText());
    expect(json).toMatchObject({
      ok: false,
      problem: { code: "tls-hostname-mismatch", also: ["tls-expired"] },
    });
    expect(json.steps).toHaveLength(3);
  });
});
