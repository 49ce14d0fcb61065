import { type Actor, can } from "#lib/team/access.ts";

/** A page of Settings. */
export type SettingsSection =
  | "connections"
  | "access"
  | "preferences"
  | "security"
  | "trust"
  | "team"
  | "audit"
  | "about";

/** The pages of Settings that somebody has, in their order, with their addresses. */
export function settingsSections(
  actor: Actor,
): readonly { readonly id: SettingsSection; readonly href: string }[] {
  return [
    { id: "connections", href: "/settings" },
    { id: "access", href: "/settings/access" },
    { id: "preferences", href: "/settings/preferences" },
    { id: "security", href: "/settings/security" },
    { id: "trust", href: "/settings/trust" },
    ...(can(actor, "team:manage") ? [{ id: "team", href: "/settings/team" } as const] : []),
    ...(can(actor, "audit:read") ? [{ id: "audit", href: "/settings/audit" } as const] : []),
    { id: "about", href: "/settings/about" },
  ];
}
