import type { ProviderData } from "#lib/providers/provider.ts";

/** Supabase's shared pooler, Supavisor: the same authority as the database, other user names. */
export const supabasePooler = {
  id: "supabase-pooler",
  name: "Supabase pooler",
  hosts: /^(?:[a-z0-9-]+\.)+pooler\.supabase\.com$/,
  defaults: { port: "5432", database: "postgres", ssl: true, mode: "verify-full", trust: "own" },
  tlsRequired: false,
  rootsSource: "none",
  rootsOf: "supabase",
  noteIds: ["supabase-root", "supabase-tls", "supabase-pooler"],
} as const satisfies ProviderData;
