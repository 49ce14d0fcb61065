import {
  BookOpen,
  CircleAlert,
  CornerDownLeft,
  Database,
  FileText,
  Plug,
  Search,
  Server,
  Settings,
  Zap,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import type { Theme } from "#lib/team/preference-values.ts";
import { askForTest } from "../connections/attempt/test-at-once.ts";
import { leave } from "../leaving.ts";
import { signOut } from "../sign-out.ts";
import { askForFound, askIndex, knownIndex } from "./ask-palette.ts";
import type { PaletteEntry, PaletteFound, PaletteIndex } from "./palette-entry.ts";
import { paletteOptions } from "./palette-options.ts";
import { noteRecent, recentIds } from "./recent-entries.ts";
import { chooseTheme } from "./theme-action.ts";

interface Props {
  /** Said while its own words are on their way. */
  readonly loading: string;
  readonly label: string;
  readonly onClose: () => void;
  /** Shows the keys of the page. */
  readonly onKeys: () => void;
}

const icons = {
  connection: Database,
  page: FileText,
  settings: Settings,
  action: Zap,
  problem: CircleAlert,
  help: BookOpen,
  provider: Server,
} as const;

const nothing: PaletteFound = { connections: [], problems: [] };

/** As long as a pause between two letters. */
const restMs = 60;

/** Finds connections, pages, problems, providers and actions by a few letters, and goes there (WAI-ARIA: combobox with a list). */
export function Palette({ loading, label, onClose, onKeys }: Props) {
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const [index, setIndex] = useState<PaletteIndex | undefined>(knownIndex);
  const [failed, setFailed] = useState(false);
  const [query, setQuery] = useState("");
  const [found, setFound] = useState(nothing);
  const [isAsking, setAsking] = useState(true);
  const [activeId, setActiveId] = useState<string>();
  const [recent] = useState(recentIds);

  useEffect(() => {
    dialog.current?.showModal();
    // What it knows is shown at once, and asked for anew: rights and language may be others by now.
    askIndex().then(setIndex, () => setFailed(true));
  }, []);

  useEffect(() => {
    const abort = new AbortController();
    setAsking(true);
    const timer = setTimeout(
      () => {
        askForFound(query, recent, abort.signal).then(
          (answered) => {
            setFound(answered);
            setAsking(false);
          },
          () => {
            if (abort.signal.aborted) return;
            setAsking(false);
            setFailed(true);
          },
        );
      },
      query === "" ? 0 : restMs,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query, recent]);

  const options = index === undefined ? [] : paletteOptions(query, index.entries, found, recent);
  const active = Math.max(
    0,
    options.findIndex((entry) => entry.id === activeId),
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the list moves with the one that is marked
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active, options.length]);

  /** Focus is back where it was before anything runs. */
  function close(): void {
    dialog.current?.close();
  }

  function choose(entry: PaletteEntry, inNewTab: boolean): void {
    close();
    noteRecent(entry.id);
    const { act, href } = entry;
    if (href !== undefined) {
      if (inNewTab) window.open(href, "_blank", "noopener");
      else
        leave(() => {
          if (act === "test") askForTest(href.split("/").at(-1) ?? "");
          router.push(href);
        });
      return;
    }
    if (act === "keys") onKeys();
    else if (act === "sign-out") leave(() => void signOut());
    else if (act?.startsWith("theme-")) void turnTo(act.slice("theme-".length) as Theme);
  }

  /** Seen at once, and taken back where it is not kept. */
  async function turnTo(theme: Theme): Promise<void> {
    const { dataset } = document.documentElement;
    const before = dataset.theme;
    dataset.theme = theme;
    const kept = await chooseTheme(theme).catch(() => undefined);
    if (!kept?.ok && before !== undefined) dataset.theme = before;
  }

  function onKeyDown(event: KeyboardEvent): void {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 } as const;
    const step = steps[event.key as keyof typeof steps];
    if (event.nativeEvent.isComposing) return;
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      const next = Math.abs(step) === 1 ? (active + step + options.length) % options.length : active + step;
      setActiveId(options[Math.min(options.length - 1, Math.max(0, next))]?.id);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const entry = options[active];
      if (entry !== undefined) choose(entry, event.ctrlKey || event.metaKey);
    }
  }

  const said = index?.words;
  const isEmpty = said !== undefined && options.length === 0 && !isAsking;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by itself
    <dialog
      ref={dialog}
      aria-label={said?.label ?? label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
      className="mx-auto mt-3 max-h-[min(80dvh,36rem)] w-[calc(100%-1.5rem)] max-w-2xl rounded-xl border border-line bg-raised p-0 text-ink shadow-float open:animate-appear sm:mt-[12vh]"
    >
      <div className="flex max-h-[min(80dvh,36rem)] flex-col">
        <div className="flex items-center gap-2.5 border-line border-b px-4 focus-within:border-accent focus-within:shadow-[inset_0_-1px_var(--color-accent)]">
          <Search aria-hidden className="size-4 shrink-0 text-muted" />
          <input
            autoFocus
            role="combobox"
            aria-label={said?.label ?? label}
            aria-expanded={options.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            {...(options.length > 0 && { "aria-activedescendant": `${id}-${active}` })}
            placeholder={said?.placeholder}
            value={query}
            maxLength={200}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => {
              setQuery(event.target.value);
              setActiveId(undefined);
              setFailed(false);
            }}
            onKeyDown={onKeyDown}
            // The one place that can have the focus: the caret and the line below say so, and the marked entry moves.
            className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none"
          />
          {isAsking && <Spinner className="animate-late text-muted" />}
        </div>
        <div
          ref={list}
          id={`${id}-list`}
          role="listbox"
          aria-label={said?.label ?? label}
          className="min-h-0 flex-1 overflow-y-auto p-1.5 empty:hidden"
        >
          {options.map((entry, place) => (
            <Option
              key={entry.id}
              id={`${id}-${place}`}
              entry={entry}
              kind={index?.kinds[entry.kind] ?? ""}
              isActive={place === active}
              onPoint={() => setActiveId(entry.id)}
              onChoose={(inNewTab) => choose(entry, inNewTab)}
            />
          ))}
        </div>
        <p role="status" className={isEmpty || failed || said === undefined ? "px-4 py-6" : "sr-only"}>
          {failed && said === undefined
            ? label
            : failed
              ? said?.failed
              : said === undefined
                ? loading
                : isEmpty
                  ? `${said.none.replace("{search}", () => query)} ${said.noneHint}`
                  : isAsking
                    ? ""
                    : options.length === 1
                      ? said.result
                      : said.results.replace("{count}", String(options.length))}
        </p>
        {said !== undefined && options.length > 0 && (
          <p
            aria-hidden
            className="flex flex-wrap gap-x-4 gap-y-1 border-line border-t px-4 py-2 text-muted text-xs max-sm:hidden pointer-coarse:hidden"
          >
            <span className="flex items-center gap-1">
              <CornerDownLeft className="size-3.5" /> {said.choose}
            </span>
            <span>
              <kbd className="font-mono">Ctrl+Enter</kbd> {said.newTab}
            </span>
          </p>
        )}
      </div>
    </dialog>
  );
}

interface OptionProps {
  readonly id: string;
  readonly entry: PaletteEntry;
  readonly kind: string;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onChoose: (inNewTab: boolean) => void;
}

function Option({ id, entry, kind, isActive, onPoint, onChoose }: OptionProps) {
  const Icon = entry.act === "test" ? Plug : icons[entry.kind];
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the box above keeps the focus, and names the one that is marked
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box above takes the keys
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      onPointerMove={() => {
        if (!isActive) onPoint();
      }}
      onClick={(event) => onChoose(event.ctrlKey || event.metaKey)}
      className={classes(
        "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 pointer-coarse:min-h-11",
        isActive && "bg-accent-soft outline-1 outline-accent -outline-offset-1",
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1 break-words">
        {entry.title}
        {entry.detail !== undefined && (
          <span className="ml-2 break-all font-mono text-[0.8125rem] text-muted">{entry.detail}</span>
        )}
      </span>
      <span className="shrink-0 text-[0.8125rem] text-muted">{kind}</span>
    </div>
  );
}
