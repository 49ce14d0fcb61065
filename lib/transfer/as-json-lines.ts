import "server-only";
import { isPlainNumber, type RowSource, type ValueKind, valueKind } from "./row-source.ts";
import { toldApart } from "./told-apart.ts";

/**
 * An object a line. Numbers keep every digit; JSON is taken over as it stands; what JSON does not know is a text, as the
 * server writes it. Columns of one name are told apart by a number: an object would keep the last alone.
 */
export async function* asJsonLines({ fields, batches }: RowSource): AsyncGenerator<Buffer, void, void> {
  const names = toldApart(fields.map(({ name }) => name)).map((name) => `${JSON.stringify(name)}:`);
  const kinds = fields.map(valueKind);
  for await (const rows of batches) {
    let text = "";
    for (const row of rows) {
      const members = row.map((value, index) => names[index] + jsonOf(value ?? null, kinds[index] ?? "text"));
      text += `{${members.join(",")}}\n`;
    }
    yield Buffer.from(text);
  }
}

function jsonOf(value: string | null, kind: ValueKind): string {
  if (value === null) return "null";
  switch (kind) {
    case "number":
      return isPlainNumber(value) ? value : JSON.stringify(value);
    case "boolean":
      return value === "t" ? "true" : "false";
    case "json":
      // Between the tokens of a `json` as it was typed; within its texts a line feed is always written `\n`.
      return value.replace(/[\r\n]+/g, " ");
    default:
      return JSON.stringify(value);
  }
}
