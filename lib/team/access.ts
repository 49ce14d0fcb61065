/** Roles of this version, the mightiest first. */
export const roles = ["owner", "member"] as const;
export type Role = (typeof roles)[number];

/** What can be asked of the console. */
export const acts = [
  "connections:read",
  "connections:test",
  "connections:save",
  "connections:use",
  "connections:remove",
  /** A read-only run that takes longer than the console's own limit. */
  "read-only:longer",
  "host-credentials:use",
  "own:settings",
  "team:manage",
  "trust:manage",
  "vault:manage",
  "audit:read",
] as const;
export type Act = (typeof acts)[number];

/** Who is calling, as the store knows them at this moment. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The session the call came with; its public id, not its token. */
  readonly sessionId: string;
}

const allowed: Readonly<Record<Role, ReadonlySet<Act>>> = {
  owner: new Set(acts),
  member: new Set([
    "connections:read",
    "connections:test",
    "connections:save",
    "connections:use",
    "connections:remove",
    "own:settings",
  ]),
};

/** Whether this person may do this. What the table does not name is not allowed. */
export function can(actor: Pick<Actor, "role">, act: Act): boolean {
  return allowed[actor.role]?.has(act) ?? false;
}
