import { Spinner } from "./ui/spinner.tsx";

/** What is under way, in words; empty where nothing is. What comes at once is not announced first: that would only flicker. */
export function Waiting({ words }: { readonly words: string }) {
  return (
    <p role="status" className="text-muted text-[0.8125rem] empty:hidden">
      {words !== "" && (
        <span className="flex animate-late items-center gap-2">
          <Spinner />
          {words}
        </span>
      )}
    </p>
  );
}
