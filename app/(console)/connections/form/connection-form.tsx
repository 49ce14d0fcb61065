"use client";

import { type DragEvent, lazy, Suspense, useRef, useState } from "react";
import { FormProvider } from "react-hook-form";
import { useFocusKept } from "#components/use-focus-kept.ts";
import type { ProfileView } from "#lib/profiles/view.ts";
import type { Provider, ProviderId } from "#lib/providers/list.ts";
import { type GivenRoots, noGivenRoots } from "#lib/providers/roots-kind.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { askToTest } from "../attempt/ask-to-test.ts";
import type { TestAction } from "../attempt/attempt-state.ts";
import { loadOutcome, loadSteps } from "../attempt/load-outcome.ts";
import type { StrongestAction } from "../attempt/strongest-answer.ts";
import { useAttempt } from "../attempt/use-attempt.ts";
import { ActionBar } from "./action-bar.tsx";
import { AdvancedFields } from "./advanced-fields.tsx";
import { ClientCertificateFields } from "./client-certificate-fields.tsx";
import type { ConfirmAction } from "./confirm-person.tsx";
import { ConflictQuestion } from "./conflict-question.tsx";
import { ConnectionStringBox, loadStringReader } from "./connection-string-box.tsx";
import { CopyFormAs } from "./copy-form-as.tsx";
import type { DemoClientAction } from "./demo-client-action.ts";
import { EncryptionFields } from "./encryption-fields.tsx";
import { entriesPlace } from "./entries-place.ts";
import { FormHeading } from "./form-heading.tsx";
import { FormSettingProvider } from "./form-setting.tsx";
import { textGiven } from "./given-text.ts";
import type { ImportAction } from "./import-answer.ts";
import { LeaveQuestion } from "./leave-question.tsx";
import { noSecrets } from "./no-secrets.ts";
import { loadPemReader, loadTextForBox } from "./pem-reader.ts";
import { ProviderPlace } from "./provider-place.tsx";
import { ServerFields } from "./server-fields.tsx";
import { TestPanel } from "./test-panel.tsx";
import { useActs } from "./use-acts.ts";
import { useAdvanced } from "./use-advanced.ts";
import { useFormProblems } from "./use-form-problems.ts";
import { loadResolver, useFormValues } from "./use-form-values.ts";
import { useKeptEntries } from "./use-kept-entries.ts";
import { type GivenLabels, useLabels } from "./use-labels.ts";
import { useOnce } from "./use-once.ts";
import { useReveal } from "./use-reveal.ts";
import { type SaveAction, useSaving } from "./use-saving.ts";
import { useSearch } from "./use-search.ts";
import { useSharedSetting } from "./use-shared-setting.ts";

/** For whoever has entries from before. */
const RestoredNote = lazy(async () => ({ default: (await import("./restored-note.tsx")).RestoredNote }));

interface Props {
  /** The saved connection to edit; left out for a new one. */
  readonly view?: ProfileView;
  /** Tries the form as it stands: by the console, where nothing else is given. */
  readonly test?: TestAction;
  readonly save: SaveAction;
  /** Connects with the form as it stands, and saves nothing. */
  readonly connect: TestAction;
  /** Takes the person's own console password; left out, only who gives a secret again leads it on. */
  readonly confirm?: ConfirmAction;
  /** The provider roots that people gave in Settings → Trust. */
  readonly givenRoots?: GivenRoots;
  /** Looks for the strongest settings; left out, that is not offered. */
  readonly strongest?: StrongestAction;
  /** Whoever comes from a failed connection wants its fixes: the test that offers them starts by itself. */
  readonly testAtOnce?: boolean;
  /** Looks at the server without signing in; left out, that is not offered. */
  readonly look?: TestAction;
  /** Saves several connections of one paste; left out, only the first is taken. */
  readonly importAll?: ImportAction;
  /** Gives the client certificate of the demo; left out by every console that is none. */
  readonly demoClient?: DemoClientAction;
  /** Whoever looks may test it and connect as it is, and change nothing. */
  readonly viewOnly?: boolean;
  /** What a new connection begins with, and whose notes it shows until its host says more. */
  readonly begin?: { readonly provider: ProviderId; readonly values: FormValues };
  /** Group and tags; left out for who cannot give them. */
  readonly labels?: GivenLabels;
  /** Whose entries are kept in this tab while they are not saved; left out, none are. */
  readonly keptFor?: string;
}

/** The one form for a connection, new or saved. */
export function ConnectionForm({
  view: loaded,
  test = askToTest,
  save,
  connect,
  confirm,
  strongest,
  look,
  importAll,
  demoClient,
  keptFor,
  begin,
  labels: givenLabels,
  viewOnly = false,
  testAtOnce = false,
  givenRoots = noGivenRoots,
}: Props) {
  const [view, setView] = useState(loaded);
  const [provider, setProvider] = useState<Provider>();
  const [given] = useState(() => (loaded === undefined ? textGiven() : undefined));
  const stored = view?.stored ?? noSecrets;

  const form = useFormValues(view?.values ?? begin?.values, stored, givenRoots);
  const advanced = useAdvanced(view?.values);
  const problems = useFormProblems(form, stored, advanced.showWith);
  const [outcome, reveal] = useReveal<HTMLElement>();
  const attempt = useAttempt(test);
  const { running, by } = attempt.state;
  const search = useSearch();
  const setting = useSharedSetting(view, {
    stored,
    serverProblems: problems.serverProblems,
    importAll,
    demoClient,
    advanced: advanced.open,
    provider,
    givenRoots,
  });
  const entries = useKeptEntries({
    form,
    setting,
    place: keptFor === undefined ? undefined : entriesPlace(keptFor, view?.id),
    isGiven: given !== undefined,
    onRestored: advanced.showWith,
  });
  const { labels, changed, save: saveBoth } = useLabels(givenLabels, save, view);
  const saving = useSaving(saveBoth, {
    form,
    view,
    onSaved: (saved) => {
      entries.forget();
      setView(saved);
    },
    onFields: problems.land,
    onTrouble: reveal,
  });
  const acts = useActs({ form, setting, view, connect, problems, attempt, search, saving, reveal });
  const page = useRef<HTMLFormElement>(null);
  useFocusKept(page);
  useOnce(testAtOnce ? acts.test : undefined);

  return (
    <FormProvider {...form}>
      <FormSettingProvider value={setting}>
        <FormHeading view={view} viewOnly={viewOnly} />
        {entries.state !== "none" && (
          <Suspense fallback={null}>
            <RestoredNote state={entries.state} bringBack={entries.bringBack} discard={entries.discard} />
          </Suspense>
        )}
        <form
          ref={page}
          noValidate
          onDragOver={keepFileOut}
          onDrop={keepFileOut}
          onFocus={() => {
            void loadResolver();
            void loadPemReader();
            void loadTextForBox();
            void loadStringReader();
            void loadOutcome();
            void loadSteps();
          }}
          onSubmit={(event) => {
            // Enter in a field tries the connection; it never saves.
            event.preventDefault();
            acts.test();
          }}
          className="flex flex-col gap-4"
        >
          <TestPanel
            panel={outcome}
            attempt={attempt}
            problems={problems}
            saving={saving}
            search={search}
            acts={acts}
            connectionId={view?.id}
            look={look}
            strongest={strongest}
            confirm={confirm}
          />
          <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
            <div className="flex min-w-0 flex-col gap-4">
              <div className="rounded-lg border border-line bg-surface px-4 py-3.5 shadow-card sm:px-6">
                {viewOnly ? <CopyFormAs /> : <ConnectionStringBox given={given} />}
              </div>
              <fieldset disabled={viewOnly} className="contents">
                <ServerFields labels={labels} />
              </fieldset>
              <ProviderPlace chosen={begin?.provider} onProvider={setProvider} />
            </div>
            <fieldset disabled={viewOnly} className="contents">
              <EncryptionFields />
            </fieldset>
          </div>
          <fieldset disabled={viewOnly} className="contents">
            <ClientCertificateFields />
            <AdvancedFields open={viewOnly || advanced.open} onToggle={advanced.toggle} />
          </fieldset>
          <ActionBar
            testing={running && by !== connect}
            connecting={running && by === connect}
            saving={saving}
            alsoChanged={changed}
            onSave={viewOnly ? undefined : acts.save}
            onConnect={acts.connect}
          />
        </form>
        <LeaveQuestion alsoChanged={changed} />
        <ConflictQuestion
          conflict={saving.conflict}
          base={view}
          onClose={saving.closeConflict}
          onSave={acts.settleConflict}
        />
      </FormSettingProvider>
    </FormProvider>
  );
}

/** A file that misses its box must not replace the page, and the form with it. */
function keepFileOut(event: DragEvent<HTMLFormElement>): void {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
}
