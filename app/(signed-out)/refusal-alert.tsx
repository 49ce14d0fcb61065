import { useTranslations } from "next-intl";
import { Alert } from "#components/ui/alert.tsx";
import type { Refusal } from "./ask-console.ts";

/** Why it did not go on, in words; the code stands in `data-problem`. */
export function RefusalAlert({ refusal }: { readonly refusal: Refusal }) {
  const t = useTranslations("access.problem");
  return (
    <Alert tone="danger" role="alert" problem={refusal.code}>
      {refusal.code === "too-many-attempts"
        ? t("too-many-attempts", { seconds: Number(refusal.facts.retryAfter ?? 1) })
        : t(wordsFor(refusal.code))}
    </Alert>
  );
}

function wordsFor(code: string) {
  switch (code) {
    case "not-signed-in":
    case "not-allowed":
    case "not-found":
    case "unreachable":
    case "vault-busy":
    case "vault-write-failed":
      return code;
    case "store-away":
    case "store-busy":
    case "store-not-ready":
      return "store-away";
    default:
      return code.startsWith("vault-") ? "locked" : "unexpected";
  }
}
