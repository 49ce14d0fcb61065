import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { AttemptChains } from "#app/(console)/chain/attempt-chains.tsx";
import { attempt, certificate, renderSession, root, tlsReport } from "./render-session.tsx";

/** The chain as it is read aloud: a line a place, its link last. */
function read(name: string): string[] {
  const list = screen.getByRole("list", { name });
  return within(list)
    .getAllByRole("listitem")
    .map((place) => {
      const said = place.cloneNode(true) as HTMLElement;
      for (const silent of said.querySelectorAll("[aria-hidden=true]")) silent.remove();
      const pieces = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
      const texts: string[] = [];
      while (pieces.nextNode()) texts.push(pieces.currentNode.textContent?.trim() ?? "");
      return texts.filter(Boolean).join(" · ");
    });
}

const server = "The server’s certificate chain";
const client = "The client’s certificate chain";

describe("a chain, read aloud", () => {
  test("a sound one: what was asked for, each certificate, and the store", () => {
    renderSession(<AttemptChains report={attempt()} />);
    expect(read(server)).toEqual([
      "Requested host · db.example.test · named in",
      "Server certificate · db.example.test · 40 days left · EC P-256 · Sent by the server · SHA-256 · AA:BB · AA:BB · issued by",
      "Intermediate CA · Example Intermediate · 40 days left · EC P-256 · Sent by the server · SHA-256 · CC:DD · CC:DD · issued by",
      "Root CA · Example Root · Self-signed · 40 days left · EC P-256 · From the trust store · SHA-256 · EE:FF · EE:FF · trusted via",
      "Trust store · System",
    ]);
    expect(screen.queryByRole("list", { name: client })).toBeNull();
  });

  test("what is missing is a place of its own, and what is broken says so", () => {
    const tls = tlsReport({
      verified: "none",
      end: "issuer-unknown",
      chain: [certificate()],
      built: [certificate()],
    });
    renderSession(
      <AttemptChains
        report={attempt({ tls })}
        problem={{ code: "tls-intermediate-missing", facts: {}, also: ["tls-hostname-mismatch"] }}
      />,
    );
    expect(read(server)).toEqual([
      "Requested host · db.example.test · Not a name in the certificate",
      expect.stringMatching(/^Server certificate · .* · Intermediate missing$/),
      "Intermediate CA · Example Intermediate · Not sent, not found · not reached",
      "Trust store · System",
    ]);
  });

  test.each([
    ["O=Evil\\, CN=db.example.test, CN=other.example", "other.example"],
    ["O=Evil+CN=other.example, C=XX", "other.example"],
    ["O=Evil\\+CN=db.example.test", "O=Evil\\+CN=db.example.test"],
    ["CN=<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["CN=turned\\e2\\80\\aeround, O=Evil", "turned\\e2\\80\\aeround"],
  ])("a name that another attribute's value holds is none: %s", (subject, name) => {
    const own = certificate({ subject });
    renderSession(<AttemptChains report={attempt({ tls: tlsReport({ chain: [own], built: [own] }) })} />);
    expect(read(server)[1]).toContain(`Server certificate · ${name} · `);
  });

  test("an expired certificate says since when, one that signed itself that nobody trusts it", () => {
    const own = certificate({ daysLeft: -3, selfSigned: true, subject: "CN=own", issuer: "CN=own" });
    const tls = tlsReport({ verified: "none", end: "self-signed", chain: [own], built: [own] });
    renderSession(
      <AttemptChains
        report={attempt({ tls })}
        problem={{ code: "tls-expired", facts: { sha256: own.sha256 }, also: ["tls-self-signed"] }}
      />,
    );
    expect(read(server)[1]).toContain("Self-signed, not trusted · Expired 3 days ago");
  });

  test.each([
    ["not asked for", {}, undefined, undefined],
    [
      "missing",
      { clientCertificate: null },
      "client-certificate-required",
      ["Client certificate · None sent · Not sent", "Server · Decides whether to accept it"],
    ],
    [
      "of another CA",
      { clientCertificate: certificate({ subject: "CN=app", issuer: "CN=Ours", sha256: "12:34" }) },
      "client-certificate-unknown-ca",
      [
        expect.stringMatching(/^Client certificate · app · .*issued by$/),
        "Issuer · Ours · CA unknown to the server",
        "Server · Decides whether to accept it",
      ],
    ],
  ] as const)("the client’s own: %s", (_what, given, code, lines) => {
    const problem = code === undefined ? undefined : { code, facts: {}, also: [] };
    renderSession(<AttemptChains report={{ tls: tlsReport(given), server: null }} problem={problem} />);
    if (lines === undefined) expect(screen.queryByRole("list", { name: client })).toBeNull();
    else expect(read(client)).toEqual(lines);
  });

  test("where nothing was proved, the fingerprint can be compared with what the server prints", async () => {
    const sha256 = Array.from({ length: 32 }, (_, index) => `A${(index % 16).toString(16)}`.toUpperCase());
    const tls = tlsReport({
      verified: "none",
      end: null,
      built: [],
      chain: [certificate({ sha256: sha256.join(":") })],
    });
    const { user } = renderSession(<AttemptChains report={attempt({ tls })} />);
    await user.click(screen.getByText("Compare this fingerprint"));
    expect(screen.getByText("openssl x509 -in server.crt -noout -fingerprint -sha256")).toBeVisible();
    expect(screen.getAllByRole("button", { name: /^Copy command/ })).toHaveLength(3);
    const box = screen.getByRole("textbox", { name: "Printed fingerprint" });
    const result = screen.getByRole("status", { name: "Result of the comparison" });
    expect(result).toBeEmptyDOMElement();
    await user.click(box);
    await user.paste(`sha256 Fingerprint=${sha256.join(":").toLowerCase()}`);
    expect(result).toHaveTextContent(/^Match\./);
    await user.clear(box);
    await user.paste(`sha256 Fingerprint=${[...sha256.slice(1), "00"].join(":")}`);
    expect(result).toHaveTextContent(/^No match\./);
    await user.type(box, "{Backspace}");
    expect(result).toHaveTextContent(/64 hexadecimal digits/);
  });

  test("what a store answers for needs no comparing", () => {
    renderSession(<AttemptChains report={attempt()} />);
    expect(screen.queryByText("Compare this fingerprint")).toBeNull();
  });

  test("what a certificate says stays text", () => {
    const tls = tlsReport({ built: [certificate({ subject: "CN=<img src=x>\u202e" }), root] });
    renderSession(<AttemptChains report={attempt({ tls })} />);
    expect(read(server)[1]).toContain("<img src=x> · \\u202E");
  });
});
