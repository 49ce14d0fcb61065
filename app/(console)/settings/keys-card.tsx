import { getTranslations } from "next-intl/server";
import { workspace } from "#app/_server/workspace.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Card } from "#components/ui/card.tsx";
import { CopyableCommand } from "#components/ui/copyable-command.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { slotFacts } from "#lib/vault/key-slots.ts";
import { KeysTools } from "./keys-tools.tsx";

/** What opens the vault, and what can be done about it here and on the console host. No key ever comes here. */
export async function KeysCard() {
  const t = await getTranslations("keys");
  const opened = await workspace();
  if (!opened.ok) return null;
  const { vault } = opened.value;
  const [now, facts] = [await vault.read(), await vault.facts()];
  if (!now.ok || !facts.ok) return null;
  const { key, keyBesideData } = facts.value;
  const settings = await getTranslations("settings.security");
  const former = now.value.keyring.dataKeys.size - 1;
  const isFile = key.from === "file" || key.from === "generated";
  const toFile = "cloak-db key rekey --file PATH --generate";
  const commands = [
    { name: "moveAway", command: toFile, isShown: keyBesideData },
    { name: "addFile", command: "cloak-db key add --file PATH --generate", isShown: true },
    // In place where it is a file; of a command or a variable only another one can be named.
    { name: "rekey", command: isFile ? "cloak-db key rekey" : toFile, isShown: true },
    { name: "status", command: "cloak-db key status", isShown: true },
  ] as const;
  return (
    <Card title={t("card.title")} lead={t("card.lead")}>
      {keyBesideData ? (
        <Alert tone="warn" role="note">
          {settings("oneDisk")}
        </Alert>
      ) : null}
      <Facts
        rows={[
          [settings("key"), settings(`keySource.${key.from}`, { path: key.path ?? "" })],
          [t("card.dataKeys"), t("card.former", { count: former })],
        ]}
      />
      <KeysTools slots={slotFacts(now.value).map(({ id, kind, present }) => ({ id, kind, present }))} />
      <div className="flex flex-col gap-3 border-line border-t pt-4">
        <h3 className="font-semibold text-sm">{t("card.host")}</h3>
        <p className="max-w-prose text-muted text-sm">{t("card.hostLead")}</p>
        <ul className="grid gap-3 lg:grid-cols-2">
          {commands
            .filter(({ isShown }) => isShown)
            .map(({ name, command }) => (
              <li key={name} className="min-w-0">
                <CopyableCommand
                  command={command}
                  shell={t(`card.commands.${name}`)}
                  copyLabel={t("card.copy", { command })}
                  copiedLabel={t("card.copied")}
                  failedLabel={t("card.copyFailed")}
                />
              </li>
            ))}
        </ul>
      </div>
    </Card>
  );
}
