"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import type { Answer, Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { EnvironmentMark } from "#components/ui/environment-mark.tsx";
import type { Environment } from "#lib/settings/form-values.ts";
import { CopyAsButton } from "../copy-as/copy-as-button.tsx";
import { SoftLink } from "../soft-link.tsx";
import { useToast } from "../toasts.tsx";
import { duplicateConnection, removeConnection, undoRemoval } from "./actions.ts";
import type { RemovedConnection } from "./removed-connections.ts";
import { UndoList } from "./undo-list.tsx";

interface SavedConnection {
  readonly id: string;
  readonly name: string;
  readonly server: string;
  readonly environment: Environment;
  /** Whether whoever looks may change and delete it. */
  readonly manages: boolean;
  readonly environmentName: string;
}

interface Props {
  /** Those of the page, in their order. */
  readonly connections: readonly SavedConnection[];
  /** What was deleted and can be put back, by whoever. */
  readonly undoable: readonly RemovedConnection[];
  /** Nothing is saved at all. */
  readonly isEmpty: boolean;
  /** What the list is narrowed to. */
  readonly search: string;
}

/** The saved connections with their acts. What is deleted can be put back: from the toast, and for an hour from the list at the foot. */
export function SavedConnections({ connections, undoable, isEmpty, search }: Props) {
  const t = useTranslations("settings.connections");
  const words = useTranslations("connections");
  const router = useRouter();
  const toast = useToast();
  const [failure, setFailure] = useState<Explained>();
  const [busy, startBusy] = useTransition();

  function run(act: () => Promise<Answer<unknown>>, done: () => void) {
    startBusy(async () => {
      setFailure(undefined);
      const result = await act();
      if (!result.ok) setFailure(result.explained);
      else done();
      router.refresh();
    });
  }

  const undo = (id: string, name: string) =>
    run(
      () => undoRemoval(id),
      () => toast({ text: t("undone", { name }) }),
    );

  const undoList = <UndoList removed={undoable} pending={busy} onUndo={undo} />;
  if (isEmpty) {
    return (
      <>
        <p className="text-muted">
          {words("empty.body")}{" "}
          <SoftLink href="/connections/new" className="text-accent underline">
            {words("new")}
          </SoftLink>
        </p>
        {undoList}
      </>
    );
  }
  return (
    <>
      {failure === undefined ? null : (
        <Alert tone="danger" role="alert" problem={failure.problem.code} title={failure.title}>
          {failure.fix}
        </Alert>
      )}
      {connections.length === 0 ? <p className="text-muted">{words("noMatch.title", { search })}</p> : null}
      <ul className="divide-y divide-line">
        {connections.map((connection) => (
          <li key={connection.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5">
            <div className="mr-auto min-w-0 basis-full sm:flex-1 sm:basis-56">
              <p className="flex items-center gap-2">
                <span className="truncate font-medium">{connection.name}</span>
                <EnvironmentMark environment={connection.environment} label={connection.environmentName} />
              </p>
              <p className="truncate text-muted text-xs">{connection.server}</p>
            </div>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as part of a form */}
            <div
              role="group"
              aria-label={t("actionsFor", { name: connection.name })}
              className="flex flex-wrap gap-1.5"
            >
              <SoftLink
                href={`/settings/connections/${connection.id}`}
                className={buttonClasses({ size: "sm" })}
              >
                {t(connection.manages ? "edit" : "settings")}
              </SoftLink>
              <CopyAsButton source={{ id: connection.id }} name={connection.name} size="sm" />
              <Button
                size="sm"
                title={t("duplicateHint")}
                onClick={() =>
                  run(
                    () => duplicateConnection(connection.id),
                    () => toast({ text: t("duplicated", { name: connection.name }) }),
                  )
                }
              >
                {t("duplicate")}
              </Button>
              {connection.manages && (
                <Button
                  size="sm"
                  look="quiet"
                  onClick={() =>
                    run(
                      () => removeConnection(connection.id),
                      () =>
                        toast({
                          text: t("removed", { name: connection.name }),
                          action: { label: t("undo"), run: () => undo(connection.id, connection.name) },
                        }),
                    )
                  }
                >
                  {t("remove")}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {undoList}
    </>
  );
}
