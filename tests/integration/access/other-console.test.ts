import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { folder, otherConsoleSuite, sent } from "./other-console-suite.ts";

vi.mock("next/headers", () => ({ headers: async () => sent.headers, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({ getTranslations: async () => (key: string) => key }));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

otherConsoleSuite("files", async () => {
  const [config, sessions] = ["config.json", "sessions.json"].map((file) => join(folder, "config", file));
  if (config === undefined || sessions === undefined) throw new Error("no files");
  return {
    variables: {},
    copySessions: async () => {
      copyFileSync(sessions, `${sessions}.bak`);
      return async () => copyFileSync(`${sessions}.bak`, sessions);
    },
    silence: async () => {
      chmodSync(config, 0o644);
      return { code: "vault-unsafe-permissions", end: async () => chmodSync(config, 0o600) };
    },
    stop: async () => undefined,
  };
});
