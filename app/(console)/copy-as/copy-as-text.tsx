"use client";

import { useTranslations } from "next-intl";
import { useEffect, useId, useMemo, useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { type CopyForm, type Remark, weakerRemarks } from "#lib/strings/write/copy-form.ts";
import { writeAs } from "#lib/strings/write/write-as.ts";
import { askRoots, type CopyAsGround } from "./ask-copy-as.ts";
import { CopyFiles, type RootsState } from "./copy-files.tsx";

/** The forms as people look for them. */
const groups = {
  psql: ["psql-sh", "psql-cmd", "psql-powershell"],
  strings: ["uri", "keywords", "jdbc", "npgsql"],
  code: ["node-postgres", "psycopg", "django", "pgx", "ruby-pg", "php-pgsql"],
  files: ["service-file", "kubernetes-secret"],
} as const satisfies Record<string, readonly CopyForm[]>;

/** One connection in the chosen program's words, with what to save beside it and what to know. */
export function CopyAsText({ ground }: { readonly ground: CopyAsGround }) {
  const t = useTranslations("copyAs");
  const { values, pinned } = ground;
  const [form, setForm] = useState<CopyForm>("psql-sh");
  const [withSecrets, setWithSecrets] = useState(false);
  const [roots, setRoots] = useState<RootsState>({ state: "unasked" });
  const known = roots.state === "here" ? roots.roots : undefined;
  const written = useMemo(
    () => writeAs(form, values, { pinned, withSecrets, ...(known !== undefined && { roots: known }) }),
    [form, values, pinned, withSecrets, known],
  );
  const lacksRoots =
    values.trust !== "own" &&
    written.files.some(({ name, content }) => name === "ca.pem" && content === undefined);

  useEffect(() => {
    if (!lacksRoots || roots.state !== "unasked") return;
    setRoots({ state: "asked" });
    askRoots(values).then(
      (found) => setRoots("roots" in found ? { state: "here", ...found } : { state: "missing", ...found }),
      () => setRoots({ state: "missing", title: t("failed") }),
    );
  }, [lacksRoots, roots.state, values, t]);

  if (values.host === "" && values.networkAddress === "") return <p className="text-muted">{t("noHost")}</p>;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-[0.8125rem] text-muted">{t("lead")}</p>
      <FormPicker form={form} onPick={setForm} />
      {written.text === "" ? (
        <Alert tone="warn" role="status" title={t("nothing")} />
      ) : (
        <div>
          <div className="flex items-center justify-between gap-2">
            <h3 className="font-semibold text-[0.8125rem]">{t("text")}</h3>
            <CopyButton
              text={() => written.text}
              label={t("copy")}
              copiedLabel={t("copied")}
              failedLabel={t("copyFailed")}
            />
          </div>
          <section
            aria-label={t("text")}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            data-form={form}
            className="mt-1 max-h-80 overflow-auto rounded-md bg-sunken p-3"
          >
            <pre className="whitespace-pre-wrap font-mono text-xs [overflow-wrap:anywhere]">
              {written.text}
            </pre>
          </section>
        </div>
      )}
      <CopyFiles files={written.files} roots={roots} />
      <Remarks remarks={written.remarks} />
      {(values.password !== "" || values.clientKey !== "" || values.keyPassphrase !== "") && (
        <Secrets included={withSecrets} onInclude={setWithSecrets} />
      )}
    </div>
  );
}

interface PickerProps {
  readonly form: CopyForm;
  readonly onPick: (form: CopyForm) => void;
}

/** One radio group, its forms under small headings: the arrow keys walk through all of them. */
function FormPicker({ form, onPick }: PickerProps) {
  const t = useTranslations("copyAs");
  const id = useId();
  return (
    <div role="radiogroup" aria-label={t("form")} className="flex flex-col gap-2.5">
      {Object.entries(groups).map(([group, forms]) => (
        <div key={group} className="grid gap-x-3 gap-y-1 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
          <div className="text-xs leading-7 text-muted">{t(`groups.${group as keyof typeof groups}`)}</div>
          <div className="flex flex-wrap gap-1.5">
            {forms.map((one) => (
              <label
                key={one}
                className="inline-flex h-7 cursor-pointer items-center rounded-md border border-line px-2.5 text-[0.8125rem] transition-colors hover:border-control has-checked:border-accent has-checked:bg-accent-soft has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-1 pointer-coarse:h-10"
              >
                <input
                  type="radio"
                  name={`${id}-form`}
                  value={one}
                  checked={one === form}
                  onChange={() => onPick(one)}
                  className="sr-only"
                />
                {t(`forms.${one}`)}
              </label>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

function Remarks({ remarks }: { readonly remarks: readonly Remark[] }) {
  const t = useTranslations("copyAs");
  const isWeaker = ({ id }: Remark) => (weakerRemarks as readonly string[]).includes(id);
  const weaker = remarks.filter(isWeaker);
  const others = remarks.filter((one) => !isWeaker(one));
  return (
    <>
      {weaker.length > 0 && (
        <Alert tone="warn" role="note" title={t("remarks.weaker")}>
          <RemarkList remarks={weaker} />
        </Alert>
      )}
      {others.length > 0 && (
        <section>
          <h3 className="font-semibold text-[0.8125rem]">{t("remarks.title")}</h3>
          <RemarkList remarks={others} />
        </section>
      )}
    </>
  );
}

function RemarkList({ remarks }: { readonly remarks: readonly Remark[] }) {
  const t = useTranslations("copyAs.remark");
  return (
    <ul className="mt-1 flex list-disc flex-col gap-1 pl-5 text-[0.8125rem] [overflow-wrap:anywhere]">
      {remarks.map(({ id, facts }) => (
        <li key={id} data-remark={id}>
          {/* Which facts a remark has follows from its id, and the words name no others. */}
          {(t as (key: string, values?: Readonly<Record<string, string>>) => string)(id, facts)}
        </li>
      ))}
    </ul>
  );
}

interface SecretsProps {
  readonly included: boolean;
  readonly onInclude: (included: boolean) => void;
}

/** What was typed goes into the text only after a question. */
function Secrets({ included, onInclude }: SecretsProps) {
  const t = useTranslations("copyAs.secrets");
  const [asking, setAsking] = useState(false);
  if (included) {
    return (
      <div className="flex flex-wrap items-center gap-2 border-line border-t pt-3">
        <p className="text-[0.8125rem] text-warn">{t("included")}</p>
        <Button size="sm" onClick={() => onInclude(false)}>
          {t("leaveOut")}
        </Button>
      </div>
    );
  }
  if (!asking) {
    return (
      <div className="border-line border-t pt-3">
        <Button size="sm" onClick={() => setAsking(true)}>
          {t("include")}
        </Button>
      </div>
    );
  }
  return (
    <Alert tone="warn" role="alert" title={t("include")}>
      <p className="mt-1 text-[0.8125rem]">{t("why")}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button
          size="sm"
          look="danger"
          onClick={() => {
            onInclude(true);
            setAsking(false);
          }}
        >
          {t("confirm")}
        </Button>
        <Button size="sm" onClick={() => setAsking(false)}>
          {t("cancel")}
        </Button>
      </div>
    </Alert>
  );
}
