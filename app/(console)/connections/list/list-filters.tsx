import { ListFilter, X } from "lucide-react";
import type { ReactNode } from "react";
import { buttonClasses } from "#components/ui/button.tsx";
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
import { FilterBox } from "./filter-box.tsx";
import { expiringDays, sortColumns, tlsStates } from "./list-choices.ts";
import type { ListTexts } from "./list-texts.ts";
import type { ListView } from "./list-view.ts";

interface Props {
  readonly view: ListView;
  readonly texts: ListTexts;
}

/** What narrows and orders the list, written on the server: the browser gets it as it stands. */
export function ListFilters({ view: { query, groups, tags }, texts }: Props) {
  const count = filtersSet(query);
  return (
    <FilterBox
      head={
        <>
          <ListFilter aria-hidden className="size-4" />
          {texts.filter.open}
          {count > 0 && (
            <span className="rounded-full bg-accent px-1.5 font-medium text-accent-ink text-xs">
              <span aria-hidden>{count}</span>
              <span className="sr-only">{fill(texts.filter.set, { count })}</span>
            </span>
          )}
        </>
      }
    >
      <div key={connectionsPath(query)} className="contents">
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
      </div>
    </FilterBox>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly children: ReactNode;
}

function Choice({ name, label, value, children }: ChoiceProps) {
  return (
    <label className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-2 text-fact">
      {label}
      <select name={name} defaultValue={value} className="control truncate">
        {children}
      </select>
    </label>
  );
}

/** What narrows the list, each with the way back. */
export function FilterChips({
  query,
  texts,
}: {
  readonly query: ConnectionsQuery;
  readonly texts: ListTexts;
}) {
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
