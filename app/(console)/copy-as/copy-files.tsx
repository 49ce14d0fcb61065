"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { FileName, WrittenFile } from "#lib/strings/write/copy-form.ts";

/** How far the roots have come that go along as a file. */
export type RootsState =
  | { readonly state: "unasked" | "asked" }
  | { readonly state: "here"; readonly roots: string }
  | { readonly state: "missing"; readonly title: string };

const whatWords = {
  "ca.pem": "ca",
  "client.crt": "certificate",
  "client.key": "key",
  "revoked.crl": "crl",
} as const satisfies Record<FileName, string>;

interface Props {
  readonly files: readonly WrittenFile[];
  readonly roots: RootsState;
}

/** What the text names by file name, each to be saved. */
export function CopyFiles({ files, roots }: Props) {
  const t = useTranslations("copyAs.files");
  if (files.length === 0) return null;
  return (
    <section>
      <h3 className="font-semibold text-[0.8125rem]">{t("title")}</h3>
      <p className="text-[0.8125rem] text-muted">{t("lead")}</p>
      <ul className="mt-1.5 divide-y divide-line rounded-md border border-line">
        {files.map((file) => (
          <li
            key={file.name}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-[0.8125rem]"
          >
            <span className="mr-auto min-w-0">
              <code className="font-mono">{file.name}</code>
              <span className="ml-2 text-muted">{t(`what.${whatWords[file.name]}`)}</span>
            </span>
            <Give file={file} roots={roots} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Give({ file, roots }: { readonly file: WrittenFile; readonly roots: RootsState }) {
  const t = useTranslations("copyAs.files");
  const { name, content } = file;
  if (content !== undefined) {
    return (
      <Button size="sm" aria-label={t("download", { name })} onClick={() => download(name, content)}>
        <Download aria-hidden className="size-3.5" />
        {t("download", { name })}
      </Button>
    );
  }
  if (name === "client.key") return <span className="text-muted">{t("notGiven")}</span>;
  if (roots.state === "missing") {
    return <span className="text-danger">{t("missing", { title: roots.title })}</span>;
  }
  return (
    <span role="status" className="flex items-center gap-2 text-muted">
      <Spinner /> {t("loading")}
    </span>
  );
}

/** Saves a text under a name, without asking the server for what is here already. */
function download(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: "application/x-pem-file" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
