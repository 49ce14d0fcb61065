import { useEffect } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import type { ErrorText } from "./error-words.tsx";

interface Props {
  readonly words: ErrorText;
  readonly reference: string;
  readonly onRetry: () => void;
}

/** What the error page shows. */
export function Surprise({ words, reference, onRetry }: Props) {
  useEffect(() => {
    const before = document.title;
    document.title = `${words.title} · ${before}`;
    return () => {
      document.title = before;
    };
  }, [words.title]);
  return (
    <Alert tone="danger" role="alert" problem="unexpected" title={words.title}>
      <p className="mb-3">{words.body.replace("{reference}", reference)}</p>
      <Button onClick={onRetry}>{words.action}</Button>
    </Alert>
  );
}
