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

/** What somebody may do with one connection, the least first. Each holds what stands before it. */
export const levels = ["none", "read", "write", "manage"] as const;
export type Level = (typeof levels)[number];

/** What can be asked of a connection, and the level that it takes. */
const levelFor = {
  /** To see its settings, to connect as it is saved, and to run what the server keeps read-only. */
  "data:read": "read",
  "data:write": "write",
  /** To take all rows of a table or a result away as a file, and to bring a file into a table. */
  "data:export": "read",
  "data:import": "write",
  /** To end what others do on its server. */
  "activity:end": "write",
  /** To change, move or remove it, and to say who may. */
  "connection:manage": "manage",
  /** To let everybody who reads it read a saved query, too. */
  "queries:share": "read",
} as const satisfies Readonly<Record<string, Level>>;
export type ConnectionAct = keyof typeof levelFor;

/** Who may do what with one connection. */
export interface ConnectionGrants {
  /** Whoever made it manages it; null where that is nobody, or nobody knows. */
  readonly maker: string | null;
  /** By user; it outweighs what the maker has. */
  readonly people: ReadonlyMap<string, Level>;
  /** Everybody else. */
  readonly rest: Level;
}

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

/**
 * Whether this person may do this. What the table does not name is not allowed.
 * @param connection the one that the act is about
 */
export function can(actor: Pick<Actor, "role">, act: Act): boolean;
export function can(
  actor: Pick<Actor, "id" | "role">,
  act: ConnectionAct,
  connection: { readonly grants: ConnectionGrants },
): boolean;
export function can(
  actor: Pick<Actor, "role"> & Partial<Pick<Actor, "id">>,
  act: Act | ConnectionAct,
  connection?: { readonly grants: ConnectionGrants },
): boolean {
  if (!isConnectionAct(act)) return allowed[actor.role]?.has(act) ?? false;
  const { id, role } = actor;
  if (id === undefined || connection === undefined) return false;
  return levels.indexOf(levelOf({ id, role }, connection.grants)) >= levels.indexOf(levelFor[act]);
}

/** What a person may do with a connection at most. Owners manage every one. */
export function levelOf(
  { id, role }: Pick<Actor, "id" | "role">,
  { maker, people, rest }: ConnectionGrants,
): Level {
  if (role === "owner") return "manage";
  return people.get(id) ?? (maker === id ? "manage" : rest);
}

function isConnectionAct(act: Act | ConnectionAct): act is ConnectionAct {
  return Object.hasOwn(levelFor, act);
}
