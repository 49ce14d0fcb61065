import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { shortId, slotFacts } from "#lib/vault/key-slots.ts";
import { type KeyUse, keyUses } from "#lib/vault/key-use.ts";
import type { Workspace } from "#lib/workspace.ts";
import { say } from "./words.ts";

/** What `cloak-db key status` says, for people or as one JSON object. */
export async function keyStatus({ vault, store }: Workspace, json: boolean): Promise<Result<string>> {
  const snapshot = await vault.read();
  if (!snapshot.ok) return snapshot;
  const facts = await vault.facts();
  if (!facts.ok) return facts;
  const uses = await keyUses(snapshot.value, store);
  if (!uses.ok) return uses;
  const slots = slotFacts(snapshot.value);
  const { path, rev, key, keyBesideData } = facts.value;
  if (json) {
    const plain = {
      vault: path,
      revision: rev,
      key: { from: key.from, path: key.path },
      keyBesideData,
      slots: slots.map(({ id, kind, present }) => ({ id, kind, present })),
      dataKeys: uses.value.map((use) => ({ ...use, id: shortId(use.id) })),
    };
    return ok(JSON.stringify(plain));
  }
  const source = say(`keys.cli.${key.from}`, { path: key.path ?? "" });
  const present = slots.find((slot) => slot.present)?.id ?? "";
  return ok(
    [
      say("keys.cli.vault", { path, rev: String(rev) }),
      say("keys.cli.key", { source, slot: present }),
      "",
      say("keys.cli.slots"),
      ...slots.map(({ id, kind, present }) =>
        say(present ? "keys.cli.present" : "keys.cli.slot", { id, kind: say(`keys.kind.${kind}`) }),
      ),
      "",
      say("keys.cli.dataKeys"),
      ...uses.value.map(useLine),
      ...(keyBesideData ? ["", say("keys.cli.beside")] : []),
    ].join("\n"),
  );
}

/** One data key, with what needs it. */
export function useLine(use: KeyUse): string {
  return say("keys.cli.dataKey", {
    id: shortId(use.id),
    state: say(`keys.state.${use.active ? "active" : "former"}`),
    boxes: String(use.boxes),
    documents: String(use.documents),
    entries: String(use.entries),
    backups: String(use.backups),
  });
}
