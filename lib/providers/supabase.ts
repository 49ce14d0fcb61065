import type { Provider } from "./provider.ts";

/** Supabase: a root of its own, in no public store, downloaded from the project's dashboard. */
export const supabase: Provider = {
  id: "supabase",
  name: "Supabase",
  hosts: /^(?:db\.[a-z0-9]{20}\.supabase\.(?:co|red)|(?:[a-z0-9-]+\.)+pooler\.supabase\.com)$/,
  defaults: { port: "5432", database: "postgres", mode: "require", trust: "own" },
  tlsRequired: false,
  roots: [],
  rootsSource: "none",
  noteIds: ["supabase-root", "supabase-tls", "supabase-pooler"],
};
