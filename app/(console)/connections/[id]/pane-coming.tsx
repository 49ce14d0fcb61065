import { Spinner } from "#components/ui/spinner.tsx";

/** In the place of a pane that is being loaded. */
export function PaneComing() {
  return (
    <p className="animate-late p-3">
      <Spinner />
    </p>
  );
}
