"use client";

import { CircleCheck, CircleX, Info } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FingerprintText } from "#components/chain/fingerprint-text.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { CopyableCommand } from "#components/ui/copyable-command.tsx";
import { FieldFrame } from "#components/ui/field.tsx";
import { compareFingerprint, type FingerprintMatch } from "#lib/certificates/fingerprint.ts";
import { printBySettings, printOnServer, printOnWindows } from "#lib/guides/fingerprint-commands.ts";

const ways = [
  ["known", printOnServer],
  ["settings", printBySettings],
  ["windows", printOnWindows],
] as const;

/**
 * A certificate that nobody answers for is only as good as the comparison with the server's own: the commands that
 * print the fingerprint there, and a box that compares what they print. The text in it goes nowhere.
 */
export function CompareFingerprint({ sha256 }: { readonly sha256: string }) {
  const t = useTranslations("chain.compare");
  const [pasted, setPasted] = useState("");
  const copied = { copiedLabel: t("copied"), failedLabel: t("copyFailed") };
  return (
    <details className="rounded-lg border border-line bg-surface px-3 py-2 text-[0.8125rem]">
      <summary className="w-fit rounded-sm py-0.5 font-medium">{t("title")}</summary>
      <div className="@container">
        <p className="mt-1 max-w-[70ch] text-muted">{t("lead")}</p>
        <div className="mt-3 grid items-start gap-x-8 gap-y-4 @3xl:grid-cols-2">
          <ul className="flex min-w-0 flex-col gap-2">
            {ways.map(([way, { text }]) => (
              <li key={way}>
                <CopyableCommand
                  command={text}
                  shell={t(way)}
                  copyLabel={t("copyCommand", { way: t(way) })}
                  {...copied}
                />
              </li>
            ))}
          </ul>
          <div className="flex min-w-0 flex-col gap-3">
            <div className="rounded-md bg-sunken px-3 py-2">
              <p className="font-mono text-[0.8125rem] [overflow-wrap:anywhere] select-all">
                <FingerprintText sha256={sha256} />
              </p>
              <div className="-ml-2.5">
                <CopyButton text={sha256} label={t("copy")} {...copied} />
              </div>
            </div>
            <FieldFrame label={t("paste")} hint={t("hint")}>
              {(ties) => (
                <textarea
                  {...ties}
                  rows={2}
                  spellCheck={false}
                  autoComplete="off"
                  autoCapitalize="none"
                  value={pasted}
                  maxLength={20_000}
                  placeholder="sha256 Fingerprint=…"
                  onChange={(event) => setPasted(event.target.value)}
                  className="control h-auto font-mono break-all"
                />
              )}
            </FieldFrame>
            <div role="status" aria-label={t("result")}>
              {pasted.trim() !== "" && <Verdict match={compareFingerprint(sha256, pasted)} />}
            </div>
          </div>
        </div>
      </div>
    </details>
  );
}

const looks = {
  equal: { Icon: CircleCheck, frame: "border-success/40 bg-success-soft text-success" },
  different: { Icon: CircleX, frame: "border-danger/45 bg-danger-soft text-danger" },
  sha1: { Icon: Info, frame: "border-line bg-sunken text-ink" },
  unreadable: { Icon: Info, frame: "border-line bg-sunken text-ink" },
} as const;

function Verdict({ match }: { readonly match: FingerprintMatch }) {
  const t = useTranslations("chain.compare");
  const { Icon, frame } = looks[match];
  return (
    <p
      data-match={match}
      className={`flex items-start gap-2 rounded-md border px-3 py-2 font-medium ${frame}`}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">{t(match)}</span>
    </p>
  );
}
