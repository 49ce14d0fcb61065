import { visibleText } from "#lib/visible-text.ts";

interface Props {
  readonly text: string;
  /** Shows line feeds and tabs as such; for a whole value on several lines. */
  readonly lines?: boolean;
}

/** A text as data: isolated from its surroundings in direction, hidden signs shown as escapes. */
export function CellText({ text, lines = false }: Props) {
  let at = 0;
  return (
    <bdi>
      {visibleText(text, lines).map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.escaped ? (
          <span key={key} className="rounded-xs bg-sunken text-warn">
            {piece.text}
          </span>
        ) : (
          piece.text
        );
      })}
    </bdi>
  );
}
