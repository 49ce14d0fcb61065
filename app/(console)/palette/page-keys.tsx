import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { KeyLine } from "../connections/[id]/key-line.tsx";
import { SoftLink } from "../soft-link.tsx";
import { askIndex, knownIndex } from "./ask-palette.ts";
import type { PageKey, PaletteIndex } from "./palette-entry.ts";
import { searchBox } from "./search-box-here.ts";
import { areSingleKeysOn, setSingleKeys } from "./single-keys.ts";
import { writtenKeys } from "./written-keys.ts";

interface Props {
  readonly label: string;
  readonly loading: string;
  readonly onClose: () => void;
}

/** The keys that hold on this page. Those that are one letter can be switched off (WCAG 2.2, 2.1.4). */
export function PageKeys({ label, loading, onClose }: Props) {
  const [index, setIndex] = useState<PaletteIndex | undefined>(knownIndex);
  const [here] = useState(keysHere);
  const [single, setSingle] = useState(areSingleKeysOn);
  useEffect(() => {
    askIndex().then(setIndex, () => undefined);
  }, []);
  const words = index?.keys;
  return (
    <Dialog
      open
      title={words?.title ?? label}
      onClose={onClose}
      foot={<Button onClick={onClose}>{words?.close ?? "×"}</Button>}
    >
      {words === undefined ? (
        <p role="status" className="flex items-center gap-2 text-muted">
          <Spinner />
          {loading}
        </p>
      ) : (
        <>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-[0.8125rem]">
            {here.map((name) => (
              <KeyLine key={name} keys={writtenKeys[name]} does={words[name]} />
            ))}
          </dl>
          <p className="mt-3 text-[0.8125rem]">
            <SoftLink href="/help/keys" className="text-accent underline" onClick={onClose}>
              {words.more}
            </SoftLink>
          </p>
          <div className="mt-4 border-line border-t pt-3">
            <Checkbox
              label={words.single}
              hint={words.singleHint}
              checked={single}
              onChange={({ target }) => {
                setSingleKeys(target.checked);
                setSingle(target.checked);
              }}
            />
          </div>
        </>
      )}
    </Dialog>
  );
}

/** What this page is decides which keys there are. */
function keysHere(): readonly PageKey[] {
  const path = window.location.pathname;
  const isForm = path === "/connections/new" || path.startsWith("/settings/connections/");
  return [
    "palette",
    "keys",
    ...(searchBox() === undefined ? [] : (["search"] as const)),
    ...(path === "/connections" ? (["paste"] as const) : []),
    ...(isForm ? (["test"] as const) : []),
    "toasts",
  ];
}
