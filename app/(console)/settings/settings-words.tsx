import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { Messages } from "#messages/load-messages.ts";

type Part = keyof typeof words;

/** The words that one page of Settings needs in the browser, and no others. */
export async function SettingsWords({
  of,
  children,
}: {
  readonly of: Part;
  readonly children: React.ReactNode;
}) {
  return (
    <NextIntlClientProvider messages={words[of]((await getMessages()) as Messages)}>
      {children}
    </NextIntlClientProvider>
  );
}

const words = {
  connections: ({ settings, rights, carry, form }: Messages) => ({
    carry: {
      tools: carry.tools,
      sources: carry.sources,
      states: carry.states,
      export: carry.export,
      import: carry.import,
    },
    form: { confirm: form.confirm, result: { stale: form.result.stale, lost: form.result.lost } },
    rights: { removed: rights.removed },
    settings: { connections: { undone: settings.connections.undone, labels: settings.connections.labels } },
  }),
  preferences: ({ settings, unsaved, face }: Messages) => ({
    settings: { preferences: settings.preferences },
    unsaved,
    face: {
      zone: face.zone,
      density: face.density,
      densities: face.densities,
      densityHint: face.densityHint,
    },
  }),
  security: ({ settings, keys, backups, waiting }: Messages) => ({
    settings: { security: settings.security },
    keys: { kind: keys.kind, card: keys.card },
    backups: { card: backups.card, revision: backups.revision, comesBack: backups.comesBack },
    waiting,
  }),
  trust: ({ settings, roots }: Messages) => ({ settings: { trust: settings.trust }, roots }),
  access: ({ rights, connections, unsaved }: Messages) => ({
    rights,
    connections: { noMatch: connections.noMatch },
    unsaved,
  }),
  team: ({ settings, waiting }: Messages) => ({
    settings: { team: settings.team },
    waiting,
  }),
};
