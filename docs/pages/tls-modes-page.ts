import { fourModes, modeRow, softModes } from "#lib/help/tls-modes.ts";
import type { SslMode } from "#lib/settings/form-values.ts";
import { list, page, say, table } from "./markdown.ts";

const columns = ["encrypted", "chain", "name", "listener", "impostor"] as const;

/** What each mode encrypts and proves. */
export function tlsModesPage(): string {
  const word = (key: string) => say(`help.tlsModes.${key}`);
  const modeTable = (modes: readonly SslMode[]) =>
    table(
      (["mode", ...columns] as const).map(word),
      modes.map((mode) => {
        const row = modeRow(mode);
        return [`**${say(`form.modes.${mode}.title`)}**`, ...columns.map((column) => word(row[column]))];
      }),
    );
  const meanings = (modes: readonly SslMode[]) =>
    list(modes.map((mode) => `**${say(`form.modes.${mode}.title`)}**: ${say(`form.modes.${mode}.meaning`)}`));
  const pin = (text: string) => `[${text}](problems/tls-self-signed.md)`;
  return page(
    word("title"),
    "`lib/settings`, `lib/help` and `messages/en`",
    word("lead"),
    modeTable(fourModes),
    meanings(fourModes),
    `## ${word("others")}`,
    word("othersLead"),
    modeTable(softModes),
    meanings(softModes),
    `## ${word("good")}`,
    list(
      ["order", "requireCa", "verifyCa", "selfSigned", "drivers"].map((note) =>
        say(`help.tlsModes.notes.${note}`, {}, { pin }),
      ),
    ),
  );
}
