import { CellText } from "#components/cell-text.tsx";
import type { ChangeTrouble } from "#lib/change/shapes.ts";

/** What the server said of a change, in its own words. */
export function ChangeTroubleText({ error }: { readonly error: ChangeTrouble }) {
  const { message, detail, hint, sqlstate } = error;
  return (
    <div className="mt-1 rounded-sm bg-danger-soft px-2 py-1 font-mono text-danger text-xs">
      <p>
        <CellText text={message} lines /> <span className="opacity-80">{sqlstate}</span>
      </p>
      {detail !== undefined && (
        <p>
          <CellText text={detail} lines />
        </p>
      )}
      {hint !== undefined && (
        <p>
          <CellText text={hint} lines />
        </p>
      )}
    </div>
  );
}
