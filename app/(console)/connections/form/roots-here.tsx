"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { Provider } from "#lib/providers/list.ts";
import type { FoundRoot } from "#lib/trust/pack-report.ts";

/** Whether this host knows the roots that a provider's servers chain to (D3); nothing while that is not known. */
export function RootsHere({ provider }: { readonly provider: Provider }) {
  const t = useTranslations("roots.form");
  const [found, setFound] = useState<{ readonly id: string; readonly roots: readonly FoundRoot[] }>();

  useEffect(() => {
    const abort = new AbortController();
    askForRoots(provider.id, abort.signal).then(
      (roots) => setFound({ id: provider.id, roots }),
      // A note that cannot be had is none: the connection itself will say what is missing.
      () => undefined,
    );
    return () => abort.abort();
  }, [provider.id]);

  if (found?.id !== provider.id) return null;
  // The first is the one that counts; of the others only what is missing is worth a line.
  return found.roots
    .filter((root, index) => index === 0 || !root.inSystem)
    .map((root) => (
      <li key={root.sha256} className={root.inSystem ? "text-success" : "text-warn"}>
        {t(root.inSystem ? "found" : root.inMozilla ? "inMozilla" : "missing", { name: root.name })}
      </li>
    ));
}

async function askForRoots(id: string, signal: AbortSignal): Promise<readonly FoundRoot[]> {
  const response = await fetch(`/api/trust?provider=${encodeURIComponent(id)}`, { signal });
  if (!response.ok) throw new Error(String(response.status));
  const { roots } = (await response.json()) as { readonly roots?: readonly FoundRoot[] };
  if (roots === undefined) throw new Error("an answer to another question");
  return roots;
}
