import "server-only";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Chained, ChainState, LogPage } from "#lib/vault/chained-log.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { Bucket } from "./bucket.ts";
import { type ChainReport, chainWatch } from "./chain-watch.ts";

/** What is noted. Words: `audit.actions.<action>`. Names are permanent: old lines keep theirs. */
export const auditActions = [
  "setup",
  "login",
  "logout",
  "session-end",
  "sessions-discard",
  "clock-apart",
  "password-change",
  "password-reset",
  "password-confirm",
  "member-add",
  "member-disable",
  "member-enable",
  "roots-give",
  "roots-drop",
  "denied",
  "refused",
  "connection-create",
  "connection-change",
  "connection-remove",
  "connection-restore",
  "connection-duplicate",
  "connection-label",
  "connection-export",
  "connection-test",
  "connection-look",
  "connection-search",
  "connection-lead",
  "connection-open",
  "connection-open-unsaved",
  "backup-create",
  "backup-restore",
  "vault-move",
  "backup-purge",
  "access-change",
  "access-default",
  "access-tighten",
  "statement-run",
  "rows-try",
  "rows-change",
  "write-unlock",
  "write-lock",
  "query-save",
  "query-share",
  "query-remove",
  "query-restore",
  "data-export",
  "data-import",
  "activity-cancel",
  "activity-end",
  "key-add",
  "key-remove",
  "key-exchange",
  "key-rotate",
  "key-drop",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Who did it: a user, whoever ran the command line on this host, or somebody who is not signed in. */
export interface AuditSubject {
  /** A user's id, `command-line`, or null for a stranger. */
  readonly actor: string | null;
  /** The public id of the session. What is written is a hash of it. */
  readonly sessionId?: string;
  /** The caller's address, where a trusted proxy says it. */
  readonly source?: string | undefined;
}

/** What happened, and to what. */
export interface AuditEvent {
  readonly action: AuditAction;
  /** The id of the connection, user or session it is about; the act that was refused. */
  readonly object?: string | undefined;
  /** `host:port` that is dialled. */
  readonly target?: string | undefined;
  /** The secrets that change with it: names, never values. */
  readonly secrets?: readonly string[];
  /** Why, in the person's own words. */
  readonly reason?: string;
  /** The settings that change with it, none of them secret, as they were and as they will be. */
  readonly changes?: readonly AuditChange[];
}

/** One changed setting. A value that is long is cut; one that is not there is empty. */
export interface AuditChange {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

const auditLine = z.strictObject({
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  actor: z.string().nullable(),
  session: z.string().nullable(),
  source: z.string().nullable(),
  action: z.enum(auditActions),
  object: z.string().nullable(),
  target: z.string().nullable(),
  secrets: z.array(z.string()).optional(),
  reason: z.string().optional(),
  changes: z.array(z.strictObject({ field: z.string(), from: z.string(), to: z.string() })).optional(),
  /** How often the same happened in a minute, where that is counted and not noted each time. */
  times: z.int().min(1).optional(),
  /** `allowed` before it is done; a problem's code when it then failed, or was refused. */
  result: z.string(),
});
export type AuditEntry = Chained<z.infer<typeof auditLine>>;

/** Who did what, to what, when: one line an act, in a log that shows when somebody changed it. */
export interface Audit {
  /**
   * Notes an act, then does it. Where the note cannot be written nothing is done. An act that fails gets a second line,
   * so one line alone means that it was done, or that the console was stopped in the middle of it.
   * @param events one, or all that the act does together: where one of them cannot be noted nothing is done, and the
   *   lines before it stay
   */
  during<T, P extends Problem>(
    subject: AuditSubject,
    events: AuditEvent | readonly AuditEvent[],
    act: () => Promise<Result<T, P>>,
  ): Promise<Result<T, P | Problem>>;
  /** Notes what is about to be done, where the doing cannot be waited for. */
  note(subject: AuditSubject, event: AuditEvent, result?: string): Promise<Result<void>>;
  /** Notes a refusal. Sixty a minute of one caller get a line each; what comes beyond is counted. */
  noteRefusal(subject: AuditSubject, event: AuditEvent, result: string): Promise<Result<void>>;
  /**
   * As `note`, for what may come in bursts: the first stands before it is done, the same by the same person within a
   * minute is counted. Where the log cannot be used it fails each time, like `note`.
   */
  noteBurst(subject: AuditSubject, event: AuditEvent, result?: string): Promise<Result<void>>;
  /** Counts what strangers can do as often as they like: one line a minute, with how often it was. */
  count(subject: AuditSubject, event: AuditEvent, result: string): void;
  /** Writes down at once what was counted and waits for the minute to end. */
  flush(): Promise<Result<void>>;
  newest(count: number, before?: number): Promise<Result<LogPage<z.infer<typeof auditLine>>>>;
  /** Hands over every line that can be read, the oldest first. */
  each(take: (entry: AuditEntry) => void): Promise<Result<void>>;
  /** Follows the whole chain. For a page that shows the log: `chain`. */
  check(): Promise<Result<ChainState>>;
  /** What the last check behind the pages found; the first ever, or a short one, is waited for a moment. */
  chain(): Promise<ChainReport>;
}

/**
 * @param vault keeps the log `audit`
 * @param now   milliseconds since 1970
 */
export function audit(vault: Vault, now: () => number = Date.now): Audit {
  const log = vault.chainedLog("audit", auditLine);
  const refusals = new Map<string, Bucket>();
  const bursts = new Map<string, Promise<Result<void>>>();
  const counted = new Map<string, Counted>();
  const watch = chainWatch(() => log.check(() => sleep(pieceRest)), now);
  let stopTimer: (() => void) | undefined;

  async function note(
    subject: AuditSubject,
    event: AuditEvent,
    result = "allowed",
    times?: number,
  ): Promise<Result<void>> {
    const { action, object, target, reason, secrets = [], changes = [] } = event;
    const appended = await log.append({
      at: new Date(now()).toISOString(),
      actor: subject.actor,
      session: subject.sessionId === undefined ? null : sessionHash(subject.sessionId),
      source: short(subject.source),
      action,
      object: short(object),
      target: short(target),
      ...(secrets.length === 0 ? {} : { secrets: secrets.map((name) => name.slice(0, 40)).slice(0, 10) }),
      ...(reason === undefined ? {} : { reason: reason.slice(0, mostReason) }),
      ...(changes.length === 0 ? {} : { changes: shortChanges(changes) }),
      ...(times === undefined ? {} : { times }),
      result: result.slice(0, 80),
    });
    return appended.ok ? ok(undefined) : appended;
  }

  async function noteAll(
    subject: AuditSubject,
    events: readonly AuditEvent[],
    result?: string,
  ): Promise<Result<void>> {
    // Asked together, they stand in this order and are on the disk together.
    const noted = await Promise.all(events.map((event) => note(subject, event, result)));
    return noted.find((one) => !one.ok) ?? ok(undefined);
  }

  function count(subject: AuditSubject, event: AuditEvent, result: string): void {
    const full = counted.size >= mostCounted;
    // Strangers choose their addresses: beyond so many of them it only counts how many there were.
    const by = full ? { actor: null } : subject;
    const key = keyOf(by, event, result);
    const before = counted.get(key);
    counted.set(key, { subject: by, event, result, times: (before?.times ?? 0) + 1 });
    flushLater();
  }

  function flushLater(): void {
    if (stopTimer !== undefined) return;
    const timer = setTimeout(async () => {
      const written = await flush();
      if (!written.ok) flushLater();
    }, windowMs);
    timer.unref();
    stopTimer = () => clearTimeout(timer);
  }

  async function flush(): Promise<Result<void>> {
    stopTimer?.();
    stopTimer = undefined;
    for (const [key, one] of counted) {
      counted.delete(key);
      const noted = await note(one.subject, one.event, one.result, one.times);
      if (noted.ok) continue;
      // It waits for the log to be usable again, with what came meanwhile.
      counted.set(key, { ...one, times: one.times + (counted.get(key)?.times ?? 0) });
      return noted;
    }
    return ok(undefined);
  }

  return {
    note: (subject, event, result) => note(subject, event, result),
    count,
    flush,
    newest: log.newest,
    each: log.each,
    check: () => log.check(),
    chain: () => watch.report(pagePatience),

    async during(subject, events, act) {
      const all = [events].flat();
      const noted = await noteAll(subject, all);
      if (!noted.ok) return noted;
      const done = await act();
      if (done.ok) return done;
      const told = await noteAll(subject, all, done.problem.code);
      return told.ok ? done : failed(told.problem);
    },

    async noteRefusal(subject, event, result) {
      const from = subject.actor ?? subject.source ?? "";
      const bucket = refusals.get(from) ?? new Bucket(() => performance.now(), 60, 1);
      refusals.delete(from);
      refusals.set(from, bucket);
      if (refusals.size > 1000) refusals.delete(refusals.keys().next().value ?? from);
      if (bucket.pause() > 0) {
        count(subject, event, result);
        return ok(undefined);
      }
      bucket.take();
      return note(subject, event, result);
    },

    async noteBurst(subject, event, result = "allowed") {
      const key = keyOf(subject, event, result);
      const first = bursts.get(key);
      if (first !== undefined) {
        const noted = await first;
        const usable = noted.ok ? await log.newest(1) : noted;
        if (!usable.ok) return usable;
        count(subject, event, result);
        return ok(undefined);
      }
      const noting = note(subject, event, result);
      bursts.set(key, noting);
      setTimeout(() => bursts.delete(key), windowMs).unref();
      const noted = await noting;
      if (!noted.ok) bursts.delete(key);
      return noted;
    },
  };
}

/** As the log has it: enough to tell sessions apart, and no way to one. */
export function sessionHash(sessionId: string): string {
  return createHash("sha256").update(sessionId).digest("base64url").slice(0, 16);
}

interface Counted {
  readonly subject: AuditSubject;
  readonly event: AuditEvent;
  readonly result: string;
  readonly times: number;
}

const windowMs = 60_000;
/** Behind the pages the check works for some 2 ms, and leaves as much and more to everybody else. */
const pieceRest = 4;
/** So long a page waits for a check that runs: a log of some hundred lines is read through by then. */
const pagePatience = 50;
/** So many different lines a minute are counted apart. */
const mostCounted = 200;
/** Letters of a reason. */
const mostReason = 200;
/** Of a line's 8 kB. */
const mostChangeBytes = 5_000;

function keyOf({ actor, sessionId, source }: AuditSubject, event: AuditEvent, result: string): string {
  const { action, object, target, reason, secrets, changes } = event;
  return JSON.stringify([actor, sessionId, source, action, object, target, reason, secrets, changes, result]);
}

/** What a line can hold: long values are cut, and where that is not enough the last ones go with their names alone. */
function shortChanges(changes: readonly AuditChange[]): AuditChange[] {
  let left = mostChangeBytes;
  return changes.slice(0, 50).map(({ field, from, to }) => {
    const whole = { field: field.slice(0, 40), from: cut(from), to: cut(to) };
    left -= Buffer.byteLength(JSON.stringify(whole));
    return left > 0 ? whole : { ...whole, from: "", to: "" };
  });
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function short(text: string | undefined): string | null {
  return text === undefined ? null : text.slice(0, 300);
}
