"use client";

import { ArrowLeft, Check } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { type DragEvent, lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import {
  type FieldErrors,
  FormProvider,
  type Resolver,
  useForm,
  useFormContext,
  useFormState,
  useWatch,
} from "react-hook-form";
import type { Explained } from "#app/_server/answer.ts";
import { CopyAsButton } from "#app/(console)/copy-as/copy-as-button.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import type { MaterialBox } from "#lib/certificates/pem-kind.ts";
import { type FieldMessage, type FieldProblems, fieldMessage } from "#lib/problems/field-problems.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { ProfileView } from "#lib/profiles/view.ts";
import type { Provider } from "#lib/providers/provider.ts";
import { type GivenRoots, noGivenRoots } from "#lib/providers/roots-kind.ts";
import { type FormChange, type FormValues, secretFields } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { type ActionFailure, actionFailure } from "../attempt/action-failure.ts";
import { ConnectionResult, type FieldMistake, loadOutcome } from "../attempt/connection-result.tsx";
import { ConnectionSteps } from "../attempt/connection-steps.tsx";
import type { StrongestAction } from "../attempt/strongest-answer.ts";
import { type TestAction, useAttempt } from "../attempt/use-attempt.ts";
import { AdvancedFields, advancedNames } from "./advanced-fields.tsx";
import { ClientCertificateFields } from "./client-certificate-fields.tsx";
import { ConnectionStringBox, loadStringReader } from "./connection-string-box.tsx";
import { EncryptionFields } from "./encryption-fields.tsx";
import {
  type FormSetting,
  FormSettingProvider,
  type Mistake,
  mistakeOf,
  useFieldWords,
} from "./form-setting.tsx";
import type { ImportAction } from "./import-answer.ts";
import type { SaveAnswer, SavedAs } from "./save-answer.ts";
import { ServerFields } from "./server-fields.tsx";

/** Two people seldom edit the same connection at once: loaded when it happens. */
const ConflictDialog = lazy(async () => ({
  default: (await import("./conflict-dialog.tsx")).ConflictDialog,
}));
const StrongestPanel = lazy(async () => ({
  default: (await import("../attempt/strongest-panel.tsx")).StrongestPanel,
}));
const ProviderNotes = lazy(async () => ({
  default: (await import("./provider-notes.tsx")).ProviderNotes,
}));

interface Props {
  /** The saved connection to edit; left out for a new one. */
  readonly view?: ProfileView;
  readonly test: TestAction;
  readonly save: (values: FormValues, target?: SavedAs) => Promise<SaveAnswer>;
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
}

type Act = "save" | "connect";

/** The one form for a connection, new or saved. */
export function ConnectionForm({
  view: loaded,
  test,
  save,
  strongest,
  look,
  importAll,
  testAtOnce = false,
  givenRoots = noGivenRoots,
}: Props) {
  const t = useTranslations("form");
  const router = useRouter();
  const say = useFieldWords();
  const [view, setView] = useState(loaded);
  const stored = view?.stored ?? nothingStored;
  const resolver = useMemo<Resolver<FormValues>>(
    () => async (values, context, options) => {
      const { formResolver } = await loadResolver();
      return formResolver(stored, givenRoots)(values, context, options);
    },
    [stored, givenRoots],
  );
  const form = useForm<FormValues>({
    defaultValues: view?.values ?? newFormValues,
    resolver,
    mode: "onTouched",
  });
  const attempt = useAttempt(test);
  const [serverProblems, setServerProblems] = useState<FormSetting["serverProblems"]>({});
  const [prompts, setPrompts] = useState<FormSetting["prompts"]>({});
  const [advanced, setAdvanced] = useState(() => hasAdvanced(view?.values));
  const [provider, setProvider] = useState<Provider>();
  const [mistakes, setMistakes] = useState<readonly FieldMistake[]>([]);
  const [trouble, setTrouble] = useState<Explained>();
  const [failure, setFailure] = useState<ActionFailure>();
  const [saving, setSaving] = useState<Act>();
  const [notice, setNotice] = useState("");
  /** Counts the searches; 0 while none is shown. */
  const [search, setSearch] = useState(0);
  const [conflict, setConflict] = useState<{ readonly theirs: ProfileView; readonly act: Act }>();
  const stringRead = useRef<Promise<void>>(undefined);
  const outcome = useRef<HTMLElement>(null);

  const setting = useMemo<FormSetting>(
    () => ({
      stored,
      storedFacts: {
        ca: view?.caCertificates ?? [],
        clientCertificate: view?.clientCertificates ?? [],
        ...(view?.clientKey && { clientKey: view.clientKey }),
      },
      serverProblems,
      prompts,
      setPrompts: (next) => setPrompts(next as FormSetting["prompts"]),
      stringRead,
      importAll: view === undefined ? importAll : undefined,
      advanced,
      provider,
      givenRoots,
    }),
    [stored, view, serverProblems, prompts, importAll, advanced, provider, givenRoots],
  );

  function clearOutcome(): void {
    setMistakes([]);
    setTrouble(undefined);
    setFailure(undefined);
    setNotice("");
    setSearch(0);
  }

  /** Field problems of the server land on their fields, and in the result where they can be stepped through. */
  function land(problems: FieldProblems): void {
    const found = Object.entries(problems.fields) as [keyof FormValues, Problem][];
    setServerProblems(problems.fields);
    for (const [field, problem] of found) {
      // A stored secret that must be given again is a field to type in, not a mark to look at.
      const secret = secretFields.find((name) => name === field);
      if (secret !== undefined && stored[secret] && problem.facts.reason === "secret-again") {
        form.setValue(`secretActs.${secret}`, "replace", { shouldDirty: true });
      }
      form.setError(field, { type: "server", message: fieldMessage(problem) });
    }
    const whole: [keyof FormValues, Problem][] = problems.form ? [["name", problems.form]] : [];
    show(
      (found.length > 0 ? found : whole).map(([field, problem]) => [
        field,
        { code: problem.code, message: fieldMessage(problem), facts: problem.facts },
      ]),
    );
  }

  function landErrors(errors: FieldErrors<FormValues>): void {
    const found = Object.entries(errors).flatMap(([name, error]): [keyof FormValues, Mistake][] => {
      const field = name as keyof FormValues;
      return typeof error?.message === "string"
        ? [[field, mistakeOf(field, error.message as FieldMessage, form.getValues())]]
        : [];
    });
    attempt.forget();
    show(found);
  }

  function show(found: readonly [keyof FormValues, Mistake][]): void {
    if (found.some(([field]) => isAdvanced(field))) setAdvanced(true);
    setMistakes(
      found.map(([field, { code, message, facts }]) => ({
        field,
        label: field === "secretActs" ? t("labels.name") : t(`labels.${field}`),
        words: say(message, facts),
        code,
      })),
    );
  }

  async function runTest(values: FormValues, by?: TestAction): Promise<void> {
    clearOutcome();
    reveal(outcome.current);
    void loadOutcome();
    const problems = await attempt.run(values, view?.id, by);
    if (problems !== undefined) land(problems);
  }

  /** As it stands: what a look does not need may still be missing or wrong. */
  async function runLook(by: TestAction): Promise<void> {
    await stringRead.current;
    await runTest(structuredClone(form.getValues()), by);
  }

  async function runSearch(): Promise<void> {
    clearOutcome();
    attempt.forget();
    setSearch((before) => before + 1);
  }

  async function runSave(values: FormValues, act: Act, over: ProfileView | undefined = view): Promise<void> {
    clearOutcome();
    attempt.forget();
    setSaving(act);
    try {
      await settle(await save(values, over && { id: over.id, rev: over.rev }), act);
    } catch (error) {
      setFailure(actionFailure(error));
      reveal(outcome.current);
    } finally {
      setSaving(undefined);
    }
  }

  async function settle(answer: SaveAnswer, act: Act): Promise<void> {
    switch (answer.type) {
      case "fields":
        land(answer.problems);
        return;
      case "problem":
        setTrouble(answer.explained);
        reveal(outcome.current);
        return;
      case "conflict":
        setConflict({ theirs: answer.theirs, act });
        return;
      default: {
        const { id } = answer.view;
        const isNew = view === undefined;
        setView(answer.view);
        form.reset(answer.view.values);
        setNotice(t("actions.saved"));
        if (act === "connect") router.push(`/connections/${encodeURIComponent(id)}`);
        else if (isNew) router.push("/connections");
      }
    }
  }

  async function submit(act: (values: FormValues) => Promise<void>): Promise<void> {
    await stringRead.current;
    await form.handleSubmit(async (values) => {
      const tooLarge = tooLargeBox(values);
      if (tooLarge === undefined) await act(values);
      else show([[tooLarge, mistakeOf(tooLarge, "pem-too-long", values)]]);
    }, landErrors)();
  }

  const begin = useRef(testAtOnce ? () => void submit(runTest) : undefined);
  useEffect(() => {
    // Once, also where React mounts everything twice.
    begin.current?.();
    begin.current = undefined;
  }, []);

  function applyChange(change: FormChange): void {
    for (const [name, value] of Object.entries(change)) {
      form.setValue(name as keyof FormValues, value, { shouldDirty: true });
      // An empty field alone would keep what is stored.
      const secret = secretFields.find((field) => field === name);
      if (secret !== undefined && stored[secret])
        form.setValue(`secretActs.${secret}`, value === "" ? "remove" : "replace", { shouldDirty: true });
    }
    form.clearErrors();
    void submit(runTest);
  }

  return (
    <FormProvider {...form}>
      <FormSettingProvider value={setting}>
        <Heading view={view} />
        <form
          noValidate
          onDragOver={keepFileOut}
          onDrop={keepFileOut}
          onFocus={() => {
            void loadResolver();
            void loadStringReader();
          }}
          onSubmit={(event) => {
            // Enter in a field tries the connection; it never saves.
            event.preventDefault();
            void submit(runTest);
          }}
          className="flex flex-col gap-4 lg:grid lg:grid-cols-[minmax(0,1fr)_23rem] lg:items-start lg:gap-6"
        >
          <div className="flex flex-col gap-4 max-lg:contents">
            <div className="rounded-lg border border-line bg-surface px-4 py-3.5 shadow-card sm:px-5">
              <ConnectionStringBox />
              <CopyFormAs />
            </div>
            <ServerFields />
            <EncryptionFields />
            <ClientCertificateFields />
            <AdvancedFields open={advanced} onToggle={() => setAdvanced(!advanced)} />
            <ActionBar
              isNew={view === undefined}
              testing={attempt.state.running}
              saving={saving}
              notice={notice}
              onSave={() => void submit((values) => runSave(values, "save"))}
              onConnect={(changed) => {
                if (view !== undefined && !changed) {
                  router.push(`/connections/${encodeURIComponent(view.id)}`);
                } else void submit((values) => runSave(values, "connect"));
              }}
            />
          </div>
          <aside
            ref={outcome}
            className="flex scroll-mt-16 flex-col gap-4 lg:sticky lg:top-16 lg:max-h-[calc(100dvh-5rem)] lg:overflow-y-auto lg:p-px"
          >
            <Card
              title={t("sections.test")}
              lead={t("sections.testLead")}
              aside={
                attempt.state.running && (
                  <Button size="sm" onClick={attempt.cancel}>
                    {t("actions.cancel")}
                  </Button>
                )
              }
            >
              <ConnectionSteps state={attempt.state} />
              <ConnectionResult
                state={attempt.state}
                mistakes={mistakes}
                trouble={trouble}
                failure={failure}
                onFocus={(field) => form.setFocus(field)}
                onApply={applyChange}
              />
              {look !== undefined && !attempt.state.running && (
                <div className="mt-3 border-t border-line pt-3">
                  <Button size="sm" onClick={() => void runLook(look)}>
                    {t("look.start")}
                  </Button>
                  <p className="mt-1 text-xs text-muted">{t("look.lead")}</p>
                </div>
              )}
              {strongest !== undefined && !attempt.state.running && (
                <div className="mt-3 border-t border-line pt-3">
                  {search === 0 ? (
                    <>
                      <Button size="sm" onClick={() => void submit(runSearch)}>
                        {t("strongest.start")}
                      </Button>
                      <p className="mt-1 text-xs text-muted">{t("strongest.lead")}</p>
                    </>
                  ) : (
                    <Suspense fallback={null}>
                      <StrongestPanel
                        key={search}
                        search={strongest}
                        connectionId={view?.id}
                        onApply={applyChange}
                        onFields={(problems) => {
                          setSearch(0);
                          land(problems);
                        }}
                      />
                    </Suspense>
                  )}
                </div>
              )}
            </Card>
            <ProviderPlace onProvider={setProvider} />
          </aside>
        </form>
        {conflict !== undefined && view !== undefined && (
          <Suspense fallback={null}>
            <ConflictDialog
              base={view}
              mine={form.getValues()}
              theirs={conflict.theirs}
              onClose={() => setConflict(undefined)}
              onSave={(values) => {
                setConflict(undefined);
                form.reset(values, { keepDefaultValues: true });
                void runSave(values, conflict.act, conflict.theirs);
              }}
            />
          </Suspense>
        )}
      </FormSettingProvider>
    </FormProvider>
  );
}

/** The schema weighs a fifth of the form: it is fetched with the first touch, long before it is asked. */
function loadResolver() {
  return import("./resolve-form.ts");
}

/** What the server takes of one action (`bodySizeLimit`), less what goes around the values. */
const mostSent = 250_000;

/** The box that makes the form too large to be sent; the server would only drop it. */
function tooLargeBox(values: FormValues): MaterialBox | undefined {
  if (JSON.stringify(values).length <= mostSent) return undefined;
  return values.crl.length > values.ca.length ? "crl" : "ca";
}

/** A file that misses its box must not replace the page, and the form with it. */
function keepFileOut(event: DragEvent<HTMLFormElement>): void {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
}

const nothingStored = {
  password: false,
  clientKey: false,
  keyPassphrase: false,
  tokenSecret: false,
} as const;

function isAdvanced(field: keyof FormValues): boolean {
  return (advancedNames as readonly string[]).includes(field);
}

/** Whether a saved connection has something under "Advanced" that should be in sight. */
function hasAdvanced(values: FormValues | undefined): boolean {
  if (values === undefined) return false;
  return advancedNames.some((name) => values[name] !== newFormValues[name]);
}

/** On a narrow screen the outcome lies below: it is brought into sight. */
function reveal(outcome: HTMLElement | null): void {
  if (outcome === null || typeof window.matchMedia !== "function") return;
  if (window.matchMedia("(min-width: 64rem)").matches) return;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  outcome.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

/** The provider's notes, as soon as there is a host to know one by. */
function ProviderPlace({ onProvider }: { readonly onProvider: (provider: Provider | undefined) => void }) {
  const { control } = useFormContext<FormValues>();
  const host = useWatch({ control, name: "host" });
  if (host === "") return null;
  return (
    <Suspense fallback={null}>
      <ProviderNotes onProvider={onProvider} />
    </Suspense>
  );
}

/** There is nothing to copy before there is a host. */
function CopyFormAs() {
  const { control, getValues } = useFormContext<FormValues>();
  const host = useWatch({ control, name: "host" });
  if (host === "") return null;
  return (
    <div className="-mx-2.5 mt-1">
      <CopyAsButton source={{ form: getValues }} look="quiet" size="sm" />
    </div>
  );
}

function Heading({ view }: { readonly view: ProfileView | undefined }) {
  const t = useTranslations("form");
  const format = useFormatter();
  return (
    <header className="mb-5">
      <Link
        href="/connections"
        prefetch={false}
        className="mb-1 inline-flex items-center gap-1 rounded-sm text-[0.8125rem] text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-3.5" />
        {t("back")}
      </Link>
      <h1 className="text-2xl font-semibold tracking-tight break-words">
        {view === undefined ? t("newTitle") : t("editTitle", { name: view.values.name })}
      </h1>
      <p className="text-muted">
        {view === undefined
          ? t("newLead")
          : t("editLead", {
              when: format.dateTime(new Date(view.updatedAt), { dateStyle: "medium", timeStyle: "short" }),
            })}
      </p>
    </header>
  );
}

interface ActionBarProps {
  readonly isNew: boolean;
  readonly testing: boolean;
  readonly saving: Act | undefined;
  readonly notice: string;
  readonly onSave: () => void;
  readonly onConnect: (changed: boolean) => void;
}

/** The three acts, always in reach. */
function ActionBar({ isNew, testing, saving, notice, onSave, onConnect }: ActionBarProps) {
  const t = useTranslations("form.actions");
  const { isDirty } = useFormState<FormValues>();

  useEffect(() => {
    if (!isDirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isDirty]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would name the fields, not the buttons
    <div
      role="group"
      aria-label={t("label")}
      className="sticky bottom-0 z-20 -mx-4 flex flex-wrap items-center gap-2 border-t border-line bg-surface px-4 py-3 shadow-card max-lg:order-last sm:mx-0 sm:rounded-lg sm:border lg:bottom-3"
    >
      <Button type="submit" look="secondary" pending={testing}>
        {t("test")}
      </Button>
      <p
        aria-live="polite"
        className="order-last flex w-full min-w-0 items-center gap-1.5 text-xs text-muted empty:hidden sm:order-none sm:w-auto sm:flex-1"
      >
        {notice !== "" ? (
          <>
            <Check aria-hidden className="size-4 shrink-0 text-success" />
            <span className="text-success">{notice}</span>
          </>
        ) : (
          isDirty && !isNew && t("unsaved")
        )}
      </p>
      <span className="ml-auto flex gap-2">
        <Button pending={saving === "save"} onClick={onSave}>
          {t("save")}
        </Button>
        <Button look="primary" pending={saving === "connect"} onClick={() => onConnect(isDirty)}>
          {t("connect")}
        </Button>
      </span>
    </div>
  );
}
