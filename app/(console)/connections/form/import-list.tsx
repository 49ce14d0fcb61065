"use client";

import { CircleCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChooseFileButton } from "#components/ui/choose-file-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { FieldError, TextField } from "#components/ui/field.tsx";
import { Waiting } from "#components/waiting.tsx";
import { type FieldProblems, fieldMessage } from "#lib/problems/field-messages.ts";
import { problemWords, type Translate } from "#lib/problems/words.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { boxOfPath, checksLess, filesOf, type GivenFiles, importRow } from "#lib/strings/read/import-rows.ts";
import type { ParsedConnection } from "#lib/strings/read/raw-connection.ts";
import { mostConnections, type ReadConnection } from "#lib/strings/read/read-connections.ts";
import { useToast } from "../../toasts.tsx";
import { fileForBox } from "./ask-to-sort.ts";
import { useFieldWords, useFormSetting } from "./form-setting.tsx";
import type { ImportAction, ImportAnswer } from "./import-answer.ts";
import { noteWords } from "./string-notes.tsx";

interface Props {
  readonly connections: readonly ReadConnection[];
  readonly save: ImportAction;
  readonly onClose: () => void;
}

type Outcome = Exclude<ImportAnswer, { type: "saved" | "rows" }> | "none" | "too-large" | "failed" | "rows";

/** What a paste of several connections held: to be ticked, and saved together or not at all. */
export function ImportList({ connections, save, onClose }: Props) {
  const t = useTranslations("strings.import");
  const done = useTranslations("toasts");
  const wait = useTranslations("waiting");
  const router = useRouter();
  const toast = useToast();
  const readable = connections.flatMap(({ read }, index) => (read.ok ? [index] : []));
  const [ticked, setTicked] = useState<ReadonlySet<number>>(() => new Set(readable));
  const [users, setUsers] = useState<Readonly<Record<number, string>>>({});
  const [files, setFiles] = useState<GivenFiles>({});
  const [verifyFull, setVerifyFull] = useState(false);
  const [problems, setProblems] = useState<ReadonlyMap<number, FieldProblems>>(new Map());
  const [outcome, setOutcome] = useState<Outcome>();
  const [saving, setSaving] = useState(false);
  const { givenRoots } = useFormSetting();
  const rowAt = (index: number, connection: ReadConnection) =>
    importRow(connection, { user: users[index], files, verifyFull, roots: givenRoots });
  const chosen = readable.filter((index) => ticked.has(index));

  function tick(index: number, on: boolean): void {
    const next = new Set(ticked);
    if (on) next.add(index);
    else next.delete(index);
    setTicked(next);
  }

  async function saveTicked(): Promise<void> {
    const rows = chosen.flatMap((index): FormValues[] => {
      const connection = connections[index];
      const row = connection && rowAt(index, connection);
      return row === undefined ? [] : [row];
    });
    setProblems(new Map());
    setOutcome(rows.length === 0 ? "none" : JSON.stringify(rows).length > mostSent ? "too-large" : undefined);
    if (rows.length === 0 || JSON.stringify(rows).length > mostSent) return;
    setSaving(true);
    try {
      settle(await save(rows));
    } catch {
      setOutcome("failed");
    } finally {
      setSaving(false);
    }
  }

  function settle(answer: ImportAnswer): void {
    if (answer.type === "saved") {
      toast({ text: done("imported", { count: chosen.length }) });
      router.push("/connections");
      return;
    }
    if (answer.type === "problem") {
      setOutcome(answer);
      return;
    }
    const found = answer.problems.flatMap((problem, position) => {
      const index = chosen[position];
      return problem === null || index === undefined ? [] : [[index, problem] as const];
    });
    setProblems(new Map(found));
    setOutcome("rows");
  }

  return (
    <Dialog
      open
      wide
      title={t("title", { count: connections.length })}
      onClose={onClose}
      foot={
        <>
          <span className="mr-auto self-center">
            <Waiting words={saving ? wait("importing", { count: chosen.length }) : ""} />
          </span>
          <Button look="quiet" onClick={onClose}>
            {t("close")}
          </Button>
          <Button look="primary" pending={saving} onClick={() => void saveTicked()}>
            {t("save", { count: chosen.length })}
          </Button>
        </>
      }
    >
      <p className="text-muted">{t("lead")}</p>
      {connections.length === mostConnections && (
        <div className="mt-3">
          <Alert tone="warn" title={t("cut", { count: mostConnections })} />
        </div>
      )}
      <div className="mt-3 flex flex-wrap gap-x-8 gap-y-2 border-b border-line pb-2">
        <Checkbox
          label={t("all")}
          checked={chosen.length === readable.length && readable.length > 0}
          disabled={readable.length === 0}
          onChange={(event) => setTicked(event.target.checked ? new Set(readable) : new Set())}
        />
        {connections.some(({ read }) => read.ok && checksLess(read.value)) && (
          <Checkbox
            label={t("verifyFull")}
            hint={t("verifyFullHint")}
            checked={verifyFull}
            onChange={(event) => setVerifyFull(event.target.checked)}
          />
        )}
      </div>
      <ul className="divide-y divide-line">
        {connections.map((connection, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a paste never changes its order, and names may be the same
          <li key={index} className="py-3">
            <Row
              connection={connection}
              number={index + 1}
              ticked={ticked.has(index)}
              onTick={(on) => tick(index, on)}
              user={users[index] ?? ""}
              onUser={(user) => setUsers({ ...users, [index]: user })}
              row={rowAt(index, connection)}
              problems={problems.get(index)}
            />
          </li>
        ))}
      </ul>
      <Files
        connections={chosen.flatMap((index) => connections[index] ?? [])}
        files={files}
        onGiven={(name, content) => setFiles((before) => ({ ...before, [name]: content }))}
      />
      <div aria-live="polite" className="mt-3 empty:mt-0">
        {outcome !== undefined && <OutcomeAlert outcome={outcome} />}
      </div>
    </Dialog>
  );
}

/** What the server takes of one action, less what goes around it; letters of other scripts weigh three bytes. */
const mostSent = 300_000;

function OutcomeAlert({ outcome }: { readonly outcome: Outcome }) {
  const t = useTranslations("strings.import");
  if (typeof outcome !== "string") {
    const { title, cause, fix } = outcome.explained;
    return (
      <Alert tone="danger" title={title}>
        {cause} {fix}
      </Alert>
    );
  }
  const words = { none: "none", "too-large": "tooLarge", failed: "failed", rows: "nothingSaved" } as const;
  return <Alert tone="danger" title={t(words[outcome])} />;
}

interface RowProps {
  readonly connection: ReadConnection;
  readonly number: number;
  readonly ticked: boolean;
  readonly onTick: (on: boolean) => void;
  readonly user: string;
  readonly onUser: (user: string) => void;
  /** What would be saved; nothing where it cannot be read. */
  readonly row: FormValues | undefined;
  readonly problems: FieldProblems | undefined;
}

function Row({ connection: { name, read }, number, problems, ...set }: RowProps) {
  const { ticked, onTick, user, onUser, row } = set;
  const t = useTranslations("strings.import");
  const all = useTranslations();
  const say = useFieldWords();
  const label =
    (read.ok ? read.value.name : undefined) ?? (name || placeOf(read) || t("unnamed", { number }));
  if (!read.ok) {
    const words = problemWords(read.problem, all as unknown as Translate);
    return (
      <>
        <Checkbox label={label} checked={false} disabled hint={t("unreadable")} />
        <FieldError problem={read.problem.code}>
          {words.title}. {words.fix}
        </FieldError>
      </>
    );
  }
  return (
    <div className="flex flex-col gap-1.5">
      <Checkbox
        label={label}
        checked={ticked}
        onChange={(event) => onTick(event.target.checked)}
        hint={row && <RowFacts read={read.value} row={row} />}
      />
      {read.value.values.user === undefined && (user !== "" || row?.user === "") && ticked && (
        <div className="max-w-64 pl-6.5">
          <TextField
            label={t("userShort")}
            aria-label={t("user", { name: label })}
            value={user}
            autoComplete="off"
            onChange={(event) => onUser(event.target.value)}
            // The list stands inside the form: Enter would try the connection behind it.
            onKeyDown={(event) => {
              if (event.key === "Enter") event.preventDefault();
            }}
          />
        </div>
      )}
      {Object.entries(problems?.fields ?? {}).map(([field, problem]) => (
        <FieldError key={field} problem={problem.code}>
          {all(`form.labels.${field as Exclude<keyof FormValues, "secretActs">}`)}:{" "}
          {say(fieldMessage(problem), problem.facts)}
        </FieldError>
      ))}
    </div>
  );
}

/** Where it goes, how it is protected, and what else is to be known. */
function RowFacts({ read, row }: { readonly read: ParsedConnection; readonly row: FormValues }) {
  const t = useTranslations("form");
  const strings = useTranslations("strings");
  const { notes, unknown, unsupported } = read;
  const mode = t(`modes.${row.ssl ? row.mode : "disable"}.title`);
  const password = strings(row.password === "" ? "import.withoutPassword" : "import.withPassword");
  const lines = [
    ...notes.map((note) => noteWords(note, { t, strings }, { mode, seconds: newFormValues.connectTimeout })),
    ...(unknown.length === 0
      ? []
      : [
          strings("import.unknown", {
            list: unknown.map(({ name, value }) => `${name}=${value}`).join(", "),
          }),
        ]),
    ...(unsupported.length === 0 ? [] : [strings("import.unsupported", { list: unsupported.join(", ") })]),
  ];
  return (
    <>
      <span className="font-mono break-all">{placeText(row)}</span>
      {" · "}
      {mode}
      {row.ssl && row.allowSelfSigned && ` · ${t("labels.allowSelfSigned")}`}
      {" · "}
      {row.signIn === "password" ? password : t(`choices.signIn.${row.signIn}`)}
      {lines.map((line) => (
        <span key={line} className="block break-words">
          {line}
        </span>
      ))}
    </>
  );
}

function placeOf(read: ReadConnection["read"]): string {
  return read.ok ? placeText({ ...newFormValues, ...read.value.values }) : "";
}

function placeText({ host, port, database, user }: FormValues): string {
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return `${user === "" ? "" : `${user}@`}${place}${database === "" ? "" : `/${database}`}`;
}

interface FilesProps {
  readonly connections: readonly ReadConnection[];
  readonly files: GivenFiles;
  readonly onGiven: (name: string, content: string) => void;
}

/** The files that the ticked connections name, each once. */
function Files({ connections, files, onGiven }: FilesProps) {
  const t = useTranslations("strings.import");
  const named = new Map(
    connections.flatMap(({ read }) =>
      read.ok ? filesOf(read.value).map(({ name, value }) => [value, boxOfPath[name]] as const) : [],
    ),
  );
  if (named.size === 0) return null;
  return (
    <section className="mt-3 border-t border-line pt-3">
      <h3 className="text-[0.8125rem] font-medium">{t("files")}</h3>
      <p className="text-xs text-muted">{t("filesLead")}</p>
      <ul className="mt-2 flex flex-wrap items-center gap-2">
        {[...named].map(([name, box]) => (
          <li key={name} className="flex items-center gap-1.5">
            {files[name] !== undefined && (
              <span className="flex items-center gap-1 text-xs text-success">
                <CircleCheck aria-hidden className="size-3.5" />
                {t("given", { file: fileName(name) })}
              </span>
            )}
            <ChooseFileButton
              label={t("choose", { file: fileName(name) })}
              onFiles={([file]) => {
                fileForBox(box, file).then((text) => {
                  if (text !== undefined) onGiven(name, text);
                });
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function fileName(path: string): string {
  return path.split(/[\\/]/).pop() || path;
}
