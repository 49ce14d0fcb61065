import "server-only";
import { z } from "zod";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Secret } from "#lib/secret.ts";
import type { Collection, CollectionNow, Condition } from "#lib/vault/collection.ts";
import type { StoredRecord } from "#lib/vault/opened-records.ts";
import { type Role, roles } from "./access.ts";
import { checkPassword, hashPassword } from "./password.ts";
import { passwordFlaw } from "./password-rules.ts";
import { isSingleScript } from "./single-script.ts";
import { foldUserName, readUserName } from "./user-name.ts";

/** What is kept of a user, beside the password's hash (secret `password`). Times are milliseconds since 1970. */
export const userMeta = z.strictObject({
  name: z.string().min(1).max(256),
  role: z.enum(roles),
  disabled: z.boolean(),
  createdAt: z.int(),
  /**
   * Only sessions that were begun or confirmed at this number count: raising it ends them all at once, for every process.
   * A counter and no time, so that a clock that is wrong shuts nobody out; an old vault's times are numbers to go on from.
   */
  sessionsFrom: z.int(),
});
export type UserMeta = z.infer<typeof userMeta>;

export interface User extends UserMeta {
  readonly id: string;
  readonly rev: number;
}

export interface NewUser {
  readonly name: string;
  readonly password: Secret;
  readonly role: Role;
}

/**
 * The users of this console. Every method answers with the vault's own problem when the vault cannot be read or
 * written; what a person typed wrong is `setting-invalid` with `{ field: "name" | "password", reason }`.
 */
export interface Users {
  /** Whether there is a user at all; without one only the set-up page answers. */
  any(): Promise<Result<boolean>>;
  /** All users, by name. */
  list(): Promise<Result<readonly User[]>>;
  find(id: string): Promise<Result<User | undefined>>;
  /** Finds a user whatever the case the name is written in. */
  findByName(name: string): Promise<Result<User | undefined>>;
  create(user: NewUser): Promise<Result<User>>;
  /** Creates the owner while there is nobody; `not-found` when somebody was there already. */
  createFirstOwner(user: Omit<NewUser, "role">): Promise<Result<User>>;
  /**
   * Checks a name and a password. `undefined` for an unknown name, a wrong password and a disabled user alike, after the
   * same work. A hash with outgrown settings is replaced on the way.
   */
  signIn(name: string, password: Secret): Promise<Result<User | undefined>>;
  /** Sets a new password; all sessions begun before stop counting. */
  changePassword(id: string, password: Secret): Promise<Result<User>>;
  /** Shuts a user out at once, or lets them in again. The last owner cannot be shut out (`not-allowed`). */
  setDisabled(id: string, disabled: boolean): Promise<Result<User>>;
}

/**
 * @param records the vault's collection of users
 * @param now milliseconds since 1970
 */
export function users(records: Collection<UserMeta>, now: () => number = Date.now): Users {
  const oneAtATime = queue();

  // A user whose record does not open is somebody, too: set-up must not open again because of it.
  const any = () => records.any();

  const list = async (): Promise<Result<readonly User[]>> => {
    const found = await records.list();
    if (!found.ok) return found;
    const all = found.value.map(toUser);
    return ok(all.sort((a, b) => foldUserName(a.name).localeCompare(foldUserName(b.name), "en")));
  };

  const findByName = async (name: string): Promise<Result<User | undefined>> => {
    const all = await list();
    if (!all.ok) return all;
    const folded = foldUserName(name);
    return ok(all.value.find((user) => foldUserName(user.name) === folded));
  };

  const find = async (id: string): Promise<Result<User | undefined>> => {
    const found = await records.find(id);
    if (!found.ok) return found;
    return ok(found.value === undefined ? undefined : toUser(found.value));
  };

  const create = async (
    { name: typed, password, role }: NewUser,
    condition: Condition<UserMeta> = () => undefined,
  ): Promise<Result<User>> => {
    const name = readUserName(typed);
    if (name === undefined)
      return failed(problem("setting-invalid", { field: "name", reason: "unreadable" }));
    // Only new names are asked: whoever has a mixed one goes on signing in with it.
    if (!isSingleScript(name))
      return failed(problem("setting-invalid", { field: "name", reason: "mixed-scripts" }));
    const flaw = passwordFlaw(password.reveal(), name);
    if (flaw !== undefined) return failed(problem("setting-invalid", { field: "password", reason: flaw }));
    // Looked at twice: now, before the slow hash; and in the commit, where it counts.
    const before = await records.list();
    if (!before.ok) return before;
    const taken = takenBy(name, before.value);
    if (taken !== undefined) return failed(taken);
    const meta = { name, role, disabled: false, createdAt: now(), sessionsFrom: 1 };
    const secrets = { password: await hashPassword(password) };
    const created = await records.create(
      { meta, secrets },
      (all) => condition(all) ?? takenBy(name, all.records),
    );
    return created.ok ? ok(toUser(created.value)) : created;
  };

  const change = async (
    id: string,
    changed: (before: User) => Partial<UserMeta>,
    { password, condition }: { readonly password?: Secret; readonly condition?: Condition<UserMeta> } = {},
  ): Promise<Result<User>> => {
    const found = await find(id);
    if (!found.ok) return found;
    if (found.value === undefined) return failed(problem("not-found"));
    const { id: _, rev, ...meta } = found.value;
    const secrets = password === undefined ? {} : { secrets: { password: await hashPassword(password) } };
    const next = { meta: { ...meta, ...changed(found.value) }, ...secrets };
    const updated = await records.update(id, rev, next, condition);
    return updated.ok ? ok(toUser(updated.value)) : updated;
  };

  return {
    any,
    list,
    find,
    findByName,

    create: (user) => oneAtATime(() => create(user)),

    createFirstOwner: (user) =>
      oneAtATime(async () => {
        const before = await any();
        if (!before.ok) return before;
        if (before.value) return failed(problem("not-found"));
        return create({ ...user, role: "owner" }, nobodyIsThere);
      }),

    async signIn(name, password) {
      const found = await findByName(name);
      if (!found.ok) return found;
      const record = found.value === undefined ? ok(undefined) : await records.open(found.value.id);
      if (!record.ok) return record;
      const { fits, outdated } = await checkPassword(password, record.value?.secrets.password);
      if (!fits || found.value === undefined || found.value.disabled) return ok(undefined);
      if (!outdated) return ok(found.value);
      const { id } = found.value;
      const renewed = await oneAtATime(() => change(id, () => ({}), { password }));
      // Somebody else may just have changed this user; the stronger hash can wait for the next time.
      return ok(renewed.ok ? renewed.value : found.value);
    },

    changePassword: (id, password) =>
      oneAtATime(async () => {
        const found = await find(id);
        if (!found.ok) return found;
        const flaw = passwordFlaw(password.reveal(), found.value?.name ?? "");
        if (flaw !== undefined)
          return failed(problem("setting-invalid", { field: "password", reason: flaw }));
        return change(id, endingSessions, { password });
      }),

    setDisabled: (id, disabled) =>
      oneAtATime(async () => {
        if (!disabled) return change(id, () => ({ disabled }));
        const condition = (all: CollectionNow<UserMeta>) => lastOwner(id, all);
        return change(id, (before) => ({ disabled, ...endingSessions(before) }), { condition });
      }),
  };
}

/** Conditions of a commit: what must be unique, and what must remain. */
function takenBy(name: string, all: readonly StoredRecord<UserMeta>[]): Problem | undefined {
  const folded = foldUserName(name);
  const taken = all.some((record) => foldUserName(record.meta.name) === folded);
  return taken ? problem("setting-invalid", { field: "name", reason: "taken" }) : undefined;
}

function nobodyIsThere({ records, damaged }: CollectionNow<UserMeta>): Problem | undefined {
  return records.length + damaged.length > 0 ? problem("not-found") : undefined;
}

function lastOwner(id: string, { records }: CollectionNow<UserMeta>): Problem | undefined {
  const another = records.some(
    (record) => record.id !== id && record.meta.role === "owner" && !record.meta.disabled,
  );
  return another ? undefined : problem("not-allowed", { reason: "last-owner" });
}

function endingSessions(before: User): Partial<UserMeta> {
  return { sessionsFrom: before.sessionsFrom + 1 };
}

function toUser(record: StoredRecord<UserMeta>): User {
  const { name, role, disabled, createdAt, sessionsFrom } = record.meta;
  return { id: record.id, rev: record.rev, name, role, disabled, createdAt, sessionsFrom };
}

/** Runs one piece of work after the other, so that looking and writing are not torn apart. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
