"use client";

import { Folder, Tag } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef, useState, useTransition } from "react";
import { flushSync } from "react-dom";
import { Button } from "#components/ui/button.tsx";
import { longestLabel, sameLabel } from "#lib/saved/label-limits.ts";
import { labelConnections } from "../connections/list/list-actions.ts";
import { mostAtOnce } from "../connections/list/list-choices.ts";
import { useToast } from "../toasts.tsx";
import { renameLabel } from "./label-actions.ts";
import type { ManagedLabel } from "./managed-labels.ts";

/** The groups and tags of one's connections: each can be given another name, or taken from all of them. */
export function LabelList({ labels }: { readonly labels: readonly ManagedLabel[] }) {
  const t = useTranslations("settings.connections.labels");
  const router = useRouter();
  const toast = useToast();
  const [edited, setEdited] = useState<ManagedLabel>();
  const [busy, startBusy] = useTransition();
  const list = useRef<HTMLUListElement>(null);
  if (labels.length === 0) return null;

  function change(label: ManagedLabel, to: string | null): void {
    const { kind, name } = label;
    startBusy(async () => {
      const done = await renameLabel({ kind, name, to });
      if (!done.ok) {
        toast({ tone: "danger", text: `${done.explained.title}. ${done.explained.fix}` });
        return;
      }
      setEdited(undefined);
      const ids = done.value;
      const back = kind === "group" ? { group: name } : { addTags: [name] };
      const undo = () =>
        startBusy(async () => {
          const undone = await labelConnections({ ids: [...ids], ...back });
          if (!undone.ok) toast({ tone: "danger", text: undone.explained.title });
          router.refresh();
        });
      if (to !== null) toast({ text: t("renamed", { name, to }) });
      else {
        toast({
          text: t("removed", { name }),
          ...(ids.length <= mostAtOnce && { action: { label: t("undo"), run: undo } }),
        });
      }
      router.refresh();
      list.current?.focus();
    });
  }

  return (
    <section aria-label={t("title")} className="border-line border-t pt-3">
      <h3 className="font-medium text-[0.8125rem]">{t("title")}</h3>
      <p className="max-w-[70ch] text-muted text-[0.8125rem]">{t("lead")}</p>
      <ul ref={list} tabIndex={-1} aria-label={t("title")} className="divide-y divide-line outline-none">
        {labels.map((label) => {
          const { kind, name, count } = label;
          const Icon = kind === "group" ? Folder : Tag;
          return (
            <li key={`${kind} ${name}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
              {edited?.kind === kind && edited.name === name ? (
                <Rename
                  label={label}
                  busy={busy}
                  known={labels.filter((other) => other.kind === kind && other.name !== name)}
                  onSave={(to) => change(label, to)}
                  onClose={() => {
                    flushSync(() => setEdited(undefined));
                    const buttons = list.current?.querySelectorAll("button") ?? [];
                    [...buttons]
                      .find((one) => one.getAttribute("aria-label") === t("renameNamed", { name }))
                      ?.focus();
                  }}
                />
              ) : (
                <>
                  <p className="mr-auto flex min-w-0 items-center gap-2">
                    <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                    <span className="sr-only">{t(kind)}</span>
                    <span className="min-w-0 break-words font-medium">{name}</span>
                    <span className="shrink-0 text-muted text-[0.8125rem]">{t("count", { count })}</span>
                  </p>
                  <p className="flex gap-3">
                    <Button
                      size="sm"
                      aria-label={t("renameNamed", { name })}
                      onClick={() => setEdited(label)}
                    >
                      {t("rename")}
                    </Button>
                    <Button
                      size="sm"
                      pending={busy}
                      aria-label={t("removeNamed", { name })}
                      onClick={() => change(label, null)}
                    >
                      {t("remove")}
                    </Button>
                  </p>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface RenameProps {
  readonly label: ManagedLabel;
  readonly busy: boolean;
  /** The others of its kind. */
  readonly known: readonly ManagedLabel[];
  readonly onSave: (to: string) => void;
  readonly onClose: () => void;
}

function Rename({ label: { name }, busy, known, onSave, onClose }: RenameProps) {
  const t = useTranslations("settings.connections.labels");
  const [text, setText] = useState(name);
  const wanted = text.trim();
  const joined = known.find((other) => sameLabel(other.name, wanted))?.name;
  return (
    <form
      className="flex min-w-0 flex-1 flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted === "" || wanted === name) onClose();
        else onSave(joined ?? wanted);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: it stands in for the button that was just pressed
        autoFocus
        aria-label={t("newName", { name })}
        value={text}
        maxLength={longestLabel}
        autoComplete="off"
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
        className="control w-full sm:w-72"
      />
      <Button type="submit" look="primary" pending={busy}>
        {t("save")}
      </Button>
      <Button onClick={onClose}>{t("cancel")}</Button>
      {joined !== undefined && (
        <p role="status" className="basis-full text-warn text-[0.8125rem]">
          {t("joins", { name: joined })}
        </p>
      )}
    </form>
  );
}
