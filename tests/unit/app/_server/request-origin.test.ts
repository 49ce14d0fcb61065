import { describe, expect, test } from "vitest";
import {
  cookieValue,
  hostAllowed,
  originAllowed,
  requestSource,
  type Site,
  sessionCookieForm,
} from "#app/_server/request-origin.ts";

const here: Site = { publicUrl: undefined, insecureHttp: false, trustedProxies: 0 };
const behindProxy: Site = { publicUrl: "https://db.example.com", insecureHttp: false, trustedProxies: 1 };

describe("hostAllowed", () => {
  test.each([
    [here, "127.0.0.1:3000", true],
    [here, "[::1]:3000", true],
    [here, "localhost", true],
    [here, "db.example.com", false],
    [here, "localhost.example.com", false],
    [here, "127.0.0.1.nip.io", false],
    [here, "127.0.0.1:3000@evil.example", false],
    [here, "[::1].evil.example", false],
    [here, "", false],
    [here, "127.255.255.255:65535", true],
    [here, "127.999.999.999", false],
    [here, "127.0.0.256", false],
    [here, "127.08.0.1", false],
    [here, "127.000.000.001", false],
    [here, "127.0.0.1:65536", false],
    [here, "localhost:99999", false],
    [here, "[::1]:70000", false],
    [here, null, false],
    [behindProxy, "db.example.com", true],
    [behindProxy, "DB.example.com", true],
    [behindProxy, "db.example.com:443", false],
    [behindProxy, "x.db.example.com", false],
    [behindProxy, "localhost:3000", true],
    [{ ...behindProxy, publicUrl: "http://db.example.com" }, "db.example.com", false],
    [{ ...behindProxy, publicUrl: "http://db.example.com", insecureHttp: true }, "db.example.com", true],
  ] as const)("%o %s", (site, host, allowed) => expect(hostAllowed(host, site)).toBe(allowed));
});

describe("originAllowed", () => {
  const asked = (site: Site, headers: Record<string, string>) => originAllowed(new Headers(headers), site);

  test("without a public address the origin is the host that was asked", () => {
    const host = "127.0.0.1:3000";
    expect(asked(here, { host, origin: "http://127.0.0.1:3000" })).toBe(true);
    expect(asked(here, { host, origin: "http://localhost:3000" })).toBe(false);
    expect(asked(here, { host, origin: "https://127.0.0.1:3000" })).toBe(false);
    expect(asked(here, { host, "sec-fetch-site": "same-origin" })).toBe(true);
    expect(asked(here, { host })).toBe(false);
    expect(asked(here, { host: "evil.example", origin: "http://evil.example" })).toBe(false);
  });

  test("with a public address it is that one and no other", () => {
    const host = "db.example.com";
    expect(asked(behindProxy, { host, origin: "https://db.example.com" })).toBe(true);
    expect(asked(behindProxy, { host, origin: "http://db.example.com" })).toBe(false);
    expect(asked(behindProxy, { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" })).toBe(false);
    expect(asked(behindProxy, { host, origin: "https://db.example.com:8443" })).toBe(false);
  });
});

describe("sessionCookieForm", () => {
  test("pins the cookie to the host over https, and to the port over plain HTTP", () => {
    expect(sessionCookieForm("db.example.com", behindProxy)).toEqual({
      name: "__Host-cloak_sid",
      secure: true,
    });
    expect(sessionCookieForm("127.0.0.1:3000", here)).toEqual({ name: "cloak_sid_3000", secure: false });
    expect(sessionCookieForm("[::1]:4000", here).name).toBe("cloak_sid_4000");
    expect(sessionCookieForm("localhost", here).name).toBe("cloak_sid_80");
    expect(sessionCookieForm("[::1]", here).name).toBe("cloak_sid_80");
  });
});

describe("cookieValue", () => {
  test("finds a cookie by its whole name", () => {
    expect(cookieValue("a=1; cloak_sid_3000=x.y; b=2", "cloak_sid_3000")).toBe("x.y");
    expect(cookieValue("xcloak_sid_3000=no; cloak_sid_300=no", "cloak_sid_3000")).toBeUndefined();
    expect(cookieValue("token=a=b", "token")).toBe("a=b");
    expect(cookieValue(null, "token")).toBeUndefined();
  });
});

describe("requestSource", () => {
  const from = (trustedProxies: number, forwarded?: string) =>
    requestSource(new Headers(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }), {
      ...here,
      trustedProxies,
    });

  test("believes as many entries, from the right, as there are trusted proxies", () => {
    expect(from(0, "203.0.113.7")).toBeUndefined();
    expect(from(1, "203.0.113.7")).toBe("203.0.113.7");
    expect(from(1, "198.51.100.1, 203.0.113.7")).toBe("203.0.113.7");
    expect(from(2, "10.0.0.1, 198.51.100.1, 203.0.113.7")).toBe("198.51.100.1");
    expect(from(3, "203.0.113.7")).toBeUndefined();
    expect(from(1)).toBeUndefined();
  });
});
