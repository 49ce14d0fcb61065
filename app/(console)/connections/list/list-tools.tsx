"use client";

import { ListFilter, PlugZap, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useId, useRef } from "react";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { environments } from "#lib/settings/form-values.ts";
import { SoftLink } from "../../soft-link.tsx";
import {
  type ConnectionsQuery,
  connectionsPath,
  filtersSet,
  noGroup,
  withoutFilters,
} from "./connections-query.ts";
import { fill } from "./fill.ts";
import type { ListTexts } from "./list-texts.ts";
import type { ListView } from "./list-view.ts";
import { expiringDays, sortColumns, tlsStates } from "./list-words.ts";
import { SearchBox } from "./search-box.tsx";

interface Props {
  readonly view: ListView;
  readonly testing: boolean;
  readonly onTestAll: () => void;
  readonly texts: ListTexts;
}

/** Search, filters and order of the list, all of them in its address, and the test of all that it shows. */
export function ListTools({ view, testing, onTestAll, texts }: Props) {
  const { query, matching } = view;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <SearchBox
        label={texts.search}
        hint={texts.searchHint}
        initial={query.search}
        path={connectionsPath({ ...query, search: "", page: 1 })}
      />
      <Filters view={view} texts={texts} />
      <Button className="ml-auto" pending={testing} disabled={matching === 0} onClick={onTestAll}>
        {!testing && <PlugZap aria-hidden className="size-4" />}
        {filtersSet(query) > 0 || query.search !== ""
          ? fill(texts.testMatching, { count: matching })
          : texts.testAll}
      </Button>
      <Chips query={query} texts={texts} />
    </div>
  );
}

/** A form that works without scripts, too; with them it acts as soon as something is chosen. */
function Filters({ view: { query, groups, tags }, texts }: Pick<Props, "view" | "texts">) {
  const router = useRouter();
  const box = useRef<HTMLDetailsElement>(null);
  const count = filtersSet(query);
  const close = () => {
    if (box.current !== null) box.current.open = false;
  };
  return (
    <details
      ref={box}
      className="relative"
      onBlur={({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && box.current?.contains(relatedTarget))) close();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || box.current?.open !== true) return;
        close();
        box.current.querySelector("summary")?.focus();
      }}
    >
      <summary className={classes(buttonClasses({}), "list-none [&::-webkit-details-marker]:hidden")}>
        <ListFilter aria-hidden className="size-4" />
        {texts.filter.open}
        {count > 0 && (
          <span className="rounded-full bg-accent px-1.5 font-medium text-accent-ink text-xs">
            <span aria-hidden>{count}</span>
            <span className="sr-only">{fill(texts.filter.set, { count })}</span>
          </span>
        )}
      </summary>
      <form
        action="/connections"
        tabIndex={-1}
        key={connectionsPath(query)}
        onChange={(event) => {
          const data = new FormData(event.currentTarget);
          const words = new URLSearchParams();
          for (const [name, value] of data) if (value !== "") words.append(name, String(value));
          const text = words.toString();
          router.push(text === "" ? "/connections" : `/connections?${text}`, { scroll: false });
        }}
        className="absolute left-0 z-25 mt-1 flex w-[min(20rem,calc(100vw-2rem))] flex-col gap-3 rounded-lg border border-line bg-raised p-4 shadow-float outline-none max-sm:fixed max-sm:inset-x-4 max-sm:w-auto"
      >
        {query.search !== "" && <input type="hidden" name="search" value={query.search} />}
        {query.folded.map((name) => (
          <input key={name} type="hidden" name="fold" value={name || noGroup} />
        ))}
        <Choice
          name="sort"
          label={texts.filter.sort}
          value={query.sort === undefined ? "" : `${query.sort.down ? "-" : ""}${query.sort.by}`}
        >
          <option value="">{texts.filter.standard}</option>
          {sortColumns.flatMap((column) => [
            <option key={column} value={column}>
              {texts.orders[column]}
            </option>,
            <option key={`-${column}`} value={`-${column}`}>
              {texts.orders[`down-${column}`]}
            </option>,
          ])}
        </Choice>
        <Choice name="env" label={texts.filter.environment} value={query.environment ?? ""}>
          <option value="">{texts.filter.any}</option>
          {environments.map((one) => (
            <option key={one} value={one}>
              {texts.environments[one]}
            </option>
          ))}
        </Choice>
        <Choice name="tls" label={texts.filter.tls} value={query.tls ?? ""}>
          <option value="">{texts.filter.any}</option>
          {tlsStates.map((one) => (
            <option key={one} value={one}>
              {texts.tlsStates[one]}
            </option>
          ))}
        </Choice>
        {groups.length > 0 && (
          <Choice
            name="group"
            label={texts.filter.group}
            value={query.group === undefined ? "" : query.group || noGroup}
          >
            <option value="">{texts.filter.any}</option>
            {groups.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
            <option value={noGroup}>{texts.noGroup}</option>
          </Choice>
        )}
        {tags.length > 0 && (
          <Choice name="tag" label={texts.filter.tag} value={query.tag ?? ""}>
            <option value="">{texts.filter.any}</option>
            {tags.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </Choice>
        )}
        <label className="flex min-h-6 items-center gap-2 text-fact pointer-coarse:min-h-11">
          <input
            type="checkbox"
            name="expiring"
            value="1"
            defaultChecked={query.expiring}
            className="size-4 accent-accent"
          />
          {fill(texts.filter.expiring, { days: expiringDays })}
        </label>
        <noscript>
          <button type="submit" className={buttonClasses({})}>
            {texts.filter.apply}
          </button>
        </noscript>
      </form>
    </details>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly children: ReactNode;
}

function Choice({ name, label, value, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-2">
      <label htmlFor={id} className="text-fact">
        {label}
      </label>
      <select id={id} name={name} defaultValue={value} className="control truncate">
        {children}
      </select>
    </div>
  );
}

/** What narrows the list, each with the way back. */
function Chips({ query, texts }: { readonly query: ConnectionsQuery; readonly texts: ListTexts }) {
  if (filtersSet(query) === 0) return null;
  const { environment, tls, expiring, tag, group } = query;
  const none = undefined;
  const chips = [
    environment && ([texts.environments[environment], { environment: none }] as const),
    tls && ([texts.tlsStates[tls], { tls: none }] as const),
    expiring && ([fill(texts.filter.expiring, { days: expiringDays }), { expiring: false }] as const),
    group !== undefined && ([group || texts.noGroup, { group: none }] as const),
    tag !== undefined && ([tag, { tag: none }] as const),
  ].filter((chip) => chip !== undefined && chip !== false);
  return (
    <ul aria-label={texts.filter.chips} className="flex basis-full flex-wrap items-center gap-1.5">
      {chips.map(([text, change]) => (
        <li key={text} className="min-w-0">
          <SoftLink
            href={connectionsPath({ ...query, ...change, page: 1 })}
            keepPlace
            aria-label={fill(texts.filter.drop, { what: text })}
            className="inline-flex min-h-7 max-w-full items-center gap-1 rounded-full bg-accent-soft px-2.5 text-fact hover:text-accent pointer-coarse:min-h-11"
          >
            <span className="min-w-0 break-words">{text}</span>
            <X aria-hidden className="size-3.5 shrink-0" />
          </SoftLink>
        </li>
      ))}
      <li>
        <SoftLink
          href={connectionsPath({ ...withoutFilters(query), search: query.search })}
          keepPlace
          className="inline-flex min-h-7 items-center px-1 text-accent text-fact underline pointer-coarse:min-h-11"
        >
          {texts.filter.clear}
        </SoftLink>
      </li>
    </ul>
  );
}
