import "server-only";
import type { ConnectionProfile, ProfileDraft } from "#lib/profiles/profile.ts";
import { secretActs } from "#lib/profiles/secret-acts.ts";
import { randomId } from "#lib/random-id.ts";
import { type SecretAct, type SecretField, secretFields } from "#lib/settings/form-values.ts";
import type { ConnectionGrants } from "#lib/team/access.ts";
import { sessionIdleLimit } from "#lib/team/sessions.ts";
import type { AttemptReport } from "#lib/wire/report.ts";

/** A connection that is used without being saved. */
export interface UnsavedConnection {
  /** As it would be saved; its id is random, and its revision the one that a new connection gets. */
  readonly profile: ConnectionProfile;
  /** The saved connection that it was made of, as it was then; undefined for a new one. */
  readonly of: { readonly id: string; readonly rev: number } | undefined;
  /** What a save over that one does with each secret. */
  readonly acts: Readonly<Record<SecretField, SecretAct>>;
  /** The stored secrets that were led on with it, as the audit log names them. */
  readonly led: readonly string[];
  /** How it went the last time; undefined before it was tried. */
  readonly report: AttemptReport | undefined;
}

/** A connection, saved or not. */
export interface FoundConnection {
  readonly profile: ConnectionProfile;
  /** Who may do what with it: of one that is used unsaved, what holds for the saved one that it was made of. */
  readonly grants: ConnectionGrants;
  /** Whether it is Production, or was made of a saved one that is. */
  readonly isProduction: boolean;
  /** The saved connection that it is or was made of; its own id where there is none. */
  readonly rootId: string;
  /** Left out for a saved one. */
  readonly unsaved?: UnsavedConnection;
}

/** Whose an unsaved connection is: in another session of the same person it is not there either. */
interface UnsavedOwner {
  readonly userId: string;
  readonly sessionId: string;
}

interface Entry {
  readonly owner: UnsavedOwner;
  readonly connection: UnsavedConnection;
  /** Ends it when nobody has asked for it for long. */
  readonly timer: NodeJS.Timeout;
}

/** With one more than that, the one of them that was asked for longest ago ends. */
const mostPerUser = 5;

/**
 * The unsaved connections of a process. They stand in its memory alone, secrets and all, each for one console session,
 * and no longer than such a session lasts unused.
 */
export class UnsavedConnections {
  readonly #ended: (id: string) => void;
  /** The one that was asked for longest ago comes first. */
  readonly #entries = new Map<string, Entry>();

  /** @param ended hears of each that ends without having been saved */
  constructor(ended: (id: string) => void) {
    this.#ended = ended;
  }

  /**
   * @param led      the stored secrets that are led on
   * @param previous what the form was opened with; undefined for a new connection
   */
  keep(
    owner: UnsavedOwner,
    draft: ProfileDraft,
    led: readonly string[],
    previous?: Pick<FoundConnection, "profile" | "unsaved">,
  ): UnsavedConnection {
    const [oldest, ...others] = [...this.#entries.values()].filter(
      (entry) => entry.owner.userId === owner.userId,
    );
    if (oldest !== undefined && others.length + 1 >= mostPerUser) this.end(oldest.connection.profile.id);
    const connection: UnsavedConnection = {
      profile: profileOf(owner, draft, previous?.profile),
      of: previous && (previous.unsaved === undefined ? revisionOf(previous.profile) : previous.unsaved.of),
      acts: secretActs(draft, previous?.profile, previous?.unsaved?.acts),
      led: [...new Set([...(previous?.unsaved?.led ?? []), ...led])],
      report: undefined,
    };
    this.#put(owner, connection);
    return connection;
  }

  /** @returns undefined where this session has none of that id */
  find(owner: UnsavedOwner, id: string): UnsavedConnection | undefined {
    const found = this.#entries.get(id);
    if (found?.owner.userId !== owner.userId || found.owner.sessionId !== owner.sessionId) return undefined;
    this.#put(owner, found.connection);
    return found.connection;
  }

  noteReport(id: string, report: AttemptReport): void {
    const found = this.#entries.get(id);
    if (found !== undefined) this.#put(found.owner, { ...found.connection, report });
  }

  /** Whose there are. */
  owners(): readonly UnsavedOwner[] {
    return [...this.#entries.values()].map(({ owner }) => owner);
  }

  /** All there are, whosoever. */
  profiles(): readonly ConnectionProfile[] {
    return [...this.#entries.values()].map(({ connection }) => connection.profile);
  }

  /** It is saved under its id: what is open on it stays open. */
  settle(id: string): void {
    clearTimeout(this.#entries.get(id)?.timer);
    this.#entries.delete(id);
  }

  end(id: string): void {
    if (!this.#entries.has(id)) return;
    this.settle(id);
    this.#ended(id);
  }

  /** Ends those that were made of this saved connection. */
  endOf(savedId: string): void {
    this.#endWhere(({ connection }) => connection.of?.id === savedId);
  }

  /** Ends all of a session. */
  endOfSession(sessionId: string): void {
    this.#endWhere(({ owner }) => owner.sessionId === sessionId);
  }

  /** Ends all of a user, but for those of one session. */
  endOfUser(userId: string, exceptSession?: string): void {
    this.#endWhere(({ owner }) => owner.userId === userId && owner.sessionId !== exceptSession);
  }

  #endWhere(matches: (entry: Entry) => boolean): void {
    for (const entry of [...this.#entries.values()]) {
      if (matches(entry)) this.end(entry.connection.profile.id);
    }
  }

  #put(owner: UnsavedOwner, connection: UnsavedConnection): void {
    const { id } = connection.profile;
    this.settle(id);
    const timer = setTimeout(() => this.end(id), sessionIdleLimit);
    timer.unref();
    this.#entries.set(id, { owner, connection, timer });
  }
}

function revisionOf({ id, rev }: ConnectionProfile) {
  return { id, rev };
}

function profileOf(
  { userId }: UnsavedOwner,
  draft: ProfileDraft,
  previous: ConnectionProfile | undefined,
): ConnectionProfile {
  const at = new Date().toISOString();
  // Who gave a kept secret stays its giver: what may be done with it does not change by the way through here.
  const givers = secretFields.flatMap((field) => {
    const secret = draft.secrets[field];
    const giver = secret === previous?.secrets[field] ? previous?.givenBy?.[field] : userId;
    return secret === undefined || giver === undefined ? [] : [[field, giver] as const];
  });
  return {
    ...draft,
    id: randomId(),
    rev: 1,
    givenBy: Object.fromEntries(givers),
    createdAt: at,
    updatedAt: at,
  };
}
