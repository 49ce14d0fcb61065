import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";
import { googleTrustRoots, letsEncryptRoots } from "./public-roots.ts";

/** Render: the external names; internal ones (`dpg-…` alone) are nobody's to recognise. */
export const render: Provider = {
  id: "render",
  name: "Render",
  hosts: /^dpg-[a-z0-9]+(?:-[a-z0-9]+)?\.[a-z0-9-]+-postgres\.render\.com$/,
  defaults: { port: "5432", ssl: true, mode: "verify-full" },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["render-tls", "render-internal"],
};

export const renderFacts: ProviderFacts = {
  id: "render",
  roots: [...googleTrustRoots, ...letsEncryptRoots],
  errors: [],
  firewall: "allow-list",
  sources: [
    { about: "hosts", page: "render.com/docs/postgresql-creating-connecting", asOf: "2026-11" },
    { about: "roots", page: null, asOf: "2026-11" },
  ],
};
