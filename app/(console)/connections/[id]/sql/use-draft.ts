"use client";

import { useEffect, useRef, useState } from "react";
import type { DraftBody } from "#app/api/connections/[id]/drafts/route.ts";
import { draftEdit } from "#lib/notebook/draft-edit.ts";
import type { Draft, SavedDraft } from "#lib/notebook/drafts.ts";
import { randomId } from "#lib/random-id.ts";

/** Whether what is typed is safe. */
export type DraftState =
  | "empty"
  | "saved"
  | "waiting"
  | "saving"
  | "offline"
  | "signed-out"
  | "refused"
  | "too-long"
  | "too-many";

export interface DraftHandle {
  readonly state: DraftState;
  /** Another window had changed the text meanwhile: this one has a draft of its own beside it. */
  readonly beside: boolean;
  /** Of the draft: another one than was asked for where it is kept beside that. */
  readonly id: string;
}

/** After the last key; and after the first one not saved, for who types without a pause. */
const quietMs = 1_000;
const longestMs = 5_000;
/** So much at once is saved at once: a page that goes away can send little. */
const muchText = 32_000;
/** What browsers send of a page that goes away, bytes, is 64 KiB in all. */
const mostKept = 60_000;
const retriesMs = [2_000, 5_000, 10_000, 30_000] as const;

/**
 * Keeps what is typed on the console, and brings it back when the page is opened again. Nothing of it is put into the
 * browser's storage; what cannot be sent stays in the page and is sent again.
 * @param slot     which of the page's SQL tabs
 * @param text     what is typed
 * @param onText   told what was found, where nothing has been typed yet
 */
export function useDraft(
  connectionId: string,
  slot: string,
  text: string,
  onText: (text: string) => void,
): DraftHandle {
  const [state, setState] = useState<DraftState>("empty");
  const [beside, setBeside] = useState(false);
  const [id, setId] = useState(() => draftIdOf(connectionId, slot));
  const keeper = useRef<Keeper>(undefined);
  const latest = useRef({ text, onText });
  latest.current = { text, onText };

  useEffect(() => {
    const mine = new Keeper(connectionId, {
      onState: setState,
      onMoved: (moved) => {
        setBeside(true);
        setId(moved);
        rememberDraft(slot, moved);
      },
      typed: () => latest.current.text,
      onFound: (found) => latest.current.onText(found),
    });
    keeper.current = mine;
    const kept = draftOf(connectionId, slot);
    setId(kept);
    mine.open(kept);
    return () => mine.close();
  }, [connectionId, slot]);

  useEffect(() => keeper.current?.typed(text), [text]);

  return { state, beside, id };
}

/** The draft that a tab goes on with. */
export function draftOf(connectionId: string, slot: string): string {
  return rememberedDraft(slot) ?? draftIdOf(connectionId, slot);
}

/** Each tab of a connection has a draft that its address alone leads to. */
export function draftIdOf(connectionId: string, slot: string): string {
  return `${connectionId}-${slot}`.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64);
}

/** In the entry of the browser's history: where this page was, not what was typed. */
function rememberedDraft(slot: string): string | undefined {
  const kept: unknown = window.history.state?.cloakDrafts?.[slot];
  return typeof kept === "string" ? kept : undefined;
}

/** The tab of a slot goes on with it when it is opened next, also after the page was loaded anew. */
export function rememberDraft(slot: string, id: string): void {
  const { state } = window.history;
  window.history.replaceState({ ...state, cloakDrafts: { ...state?.cloakDrafts, [slot]: id } }, "");
}

interface KeeperEvents {
  readonly onState: (state: DraftState) => void;
  /** It is another draft from now on. */
  readonly onMoved: (id: string) => void;
  /** What is typed now. */
  readonly typed: () => string;
  readonly onFound: (text: string) => void;
}

/** What is on its way, by draft: a tab that is opened again waits for what it sent when it was left. */
const underWay = new Map<string, Promise<unknown>>();

/** Keeps the text of one tab. */
class Keeper {
  readonly #address: string;
  readonly #events: KeeperEvents;
  readonly #window = randomId();
  #id = "";
  #rev = 0;
  #edit = 0;
  /** What the console has; undefined while that is not known. */
  #saved: string | undefined;
  #text = "";
  /** When the first of what is not saved was typed. */
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  /** The next one goes whole. */
  #whole = false;
  #failures = 0;
  #closed = false;
  #state: DraftState = "empty";

  constructor(connectionId: string, events: KeeperEvents) {
    this.#address = `/api/connections/${encodeURIComponent(connectionId)}/drafts`;
    this.#events = events;
    addEventListener("pagehide", this.#leave);
    addEventListener("online", this.#retry);
    addEventListener("focus", this.#retry);
    addEventListener("beforeunload", this.#warn);
    document.addEventListener("visibilitychange", this.#leave);
  }

  /** Finds the draft; whatever has been typed meanwhile stays, and is kept beside it. */
  open(id: string): void {
    this.#id = id;
    this.#rev = 0;
    this.#saved = undefined;
    this.#find(id);
  }

  typed(text: string): void {
    this.#text = text;
    if (this.#saved === text) {
      this.#since = undefined;
      if (this.#state === "waiting") this.#tell(text === "" ? "empty" : "saved");
      return;
    }
    // Nothing has been found yet, and nothing was typed.
    if (this.#saved === undefined && text === "") return;
    const now = performance.now();
    this.#since ??= now;
    if (this.#state === "saved" || this.#state === "empty") this.#tell("waiting");
    if (this.#state === "too-long" || this.#state === "refused" || this.#state === "too-many")
      this.#failures = 0;
    const isMuch = Math.abs(text.length - (this.#saved?.length ?? 0)) > muchText;
    if (this.#failures > 0) return;
    this.#plan(isMuch ? 0 : Math.max(0, Math.min(quietMs, this.#since + longestMs - now)));
  }

  close(): void {
    this.#flush(true);
    this.#closed = true;
    clearTimeout(this.#timer);
    removeEventListener("pagehide", this.#leave);
    removeEventListener("online", this.#retry);
    removeEventListener("focus", this.#retry);
    removeEventListener("beforeunload", this.#warn);
    document.removeEventListener("visibilitychange", this.#leave);
  }

  readonly #leave = () => {
    if (document.visibilityState === "hidden") this.#flush(true);
  };

  readonly #retry = () => {
    if (this.#failures > 0) this.#plan(0);
  };

  /** Only where leaving would lose it. */
  readonly #warn = (event: BeforeUnloadEvent) => {
    if (this.#failures > 0 && this.#isUnsaved()) event.preventDefault();
  };

  #isUnsaved(): boolean {
    return this.#saved !== this.#text && !(this.#saved === undefined && this.#text === "");
  }

  #plan(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.#flush(false), ms);
  }

  async #find(id: string): Promise<void> {
    try {
      await underWay.get(id);
      if (this.#closed || this.#id !== id) return;
      const answer = await fetch(`${this.#address}?draft=${encodeURIComponent(id)}`, { cache: "no-store" });
      if (this.#closed || this.#id !== id) return;
      if (answer.ok) {
        const { draft } = (await answer.json()) as { draft: Draft | null };
        if (this.#closed || this.#id !== id) return;
        const typed = this.#events.typed();
        if (draft === null) {
          this.#saved = "";
        } else if (typed !== "" && typed !== draft.text && this.#text !== "") {
          // Typed before this was known: it is another text, and is kept beside that one.
          this.#saved = "";
        } else {
          this.#rev = draft.rev;
          this.#saved = draft.text;
          this.#text = draft.text;
          this.#events.onFound(draft.text);
          this.#tell(draft.text === "" ? "empty" : "saved");
          return;
        }
      } else throw new Error("not told");
      if (this.#isUnsaved()) this.typed(this.#text);
    } catch {
      if (this.#closed || this.#id !== id) return;
      if (this.#saved === undefined) setTimeout(() => this.#find(id), retriesMs[1]);
    }
  }

  #body(): DraftBody {
    this.#edit += 1;
    const [before, text] = [this.#saved, this.#text];
    const change = this.#whole || before === undefined ? { text } : draftEdit(before, text);
    return { id: this.#id, rev: this.#rev, window: this.#window, edit: this.#edit, change };
  }

  /** @param leaving the page may be gone before the answer comes */
  #flush(leaving: boolean): void {
    clearTimeout(this.#timer);
    if (!this.#isUnsaved() || this.#closed) return;
    if (this.#sending && !leaving) return;
    const [text, asked] = [this.#text, this.#id];
    const body = JSON.stringify(this.#body());
    const fits = new Blob([body]).size <= mostKept;
    this.#sending = true;
    if (!leaving) this.#tell("saving");
    const sending = fetch(this.#address, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body,
      keepalive: leaving && fits,
    })
      .then((answer) => this.#answered(answer, asked, text))
      .catch(() => this.#failed("offline"))
      .finally(() => {
        this.#sending = false;
        if (this.#failures === 0 && this.#isUnsaved()) this.#plan(this.#whole ? 0 : quietMs);
        if (underWay.get(asked) === sending) underWay.delete(asked);
      });
    underWay.set(asked, sending);
  }

  async #answered(answer: Response, asked: string, text: string): Promise<void> {
    if (answer.ok) {
      const { id, rev } = (await answer.json()) as SavedDraft;
      // Another draft is open by now.
      if (this.#id !== asked) return;
      const isMoved = id !== asked;
      // What an earlier answer said of a later revision stays.
      if (isMoved || rev >= this.#rev) {
        this.#rev = rev;
        this.#saved = text;
      }
      this.#id = id;
      this.#whole = false;
      this.#failures = 0;
      this.#since = this.#isUnsaved() ? performance.now() : undefined;
      if (isMoved) this.#events.onMoved(id);
      this.#tell(this.#isUnsaved() ? "waiting" : text === "" ? "empty" : "saved");
      return;
    }
    if (answer.status === 409) {
      // The console has another text than this piece is of: the whole is sent.
      this.#whole = true;
      this.#plan(0);
      return;
    }
    const told = (await answer.json().catch(() => undefined)) as
      | { readonly problem?: { readonly facts?: { readonly reason?: string } } }
      | undefined;
    const reason = told?.problem?.facts?.reason;
    if (answer.status === 401) this.#failed("signed-out");
    else if (answer.status >= 500 || answer.status === 429) this.#failed("offline");
    else if (reason === "too-long" || reason === "wrong-shape" || reason === "too-large")
      this.#failed("too-long");
    else this.#failed(reason === "too-many" ? "too-many" : "refused");
  }

  #failed(state: DraftState): void {
    this.#tell(state);
    const wait = retriesMs[Math.min(this.#failures, retriesMs.length - 1)] ?? quietMs;
    this.#failures += 1;
    this.#plan(wait);
  }

  #tell(state: DraftState): void {
    if (this.#closed) return;
    this.#state = state;
    this.#events.onState(state);
  }
}
