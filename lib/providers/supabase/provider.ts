import type { ProviderData } from "#lib/providers/provider.ts";

/** Supabase, the database itself: a root of its own, in no public store, downloaded from the project's dashboard. */
export const supabase = {
  id: "supabase",
  name: "Supabase",
  hosts: /^db\.[a-z0-9]{20}\.supabase\.(?:co|red)$/,
  defaults: {
    port: "5432",
    database: "postgres",
    user: "postgres",
    ssl: true,
    mode: "verify-full",
    trust: "own",
  },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["supabase-root", "supabase-tls", "supabase-direct"],
} as const satisfies ProviderData;
