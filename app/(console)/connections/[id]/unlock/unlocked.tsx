import { getTranslations } from "next-intl/server";
import { unlockLeft } from "#app/_server/may-write.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor } from "#lib/team/access.ts";
import { LateUnlockBanner } from "../../late-parts.tsx";

/** On every page of a connection: how long the person may still write on Production; nothing where they may not. */
export async function Unlocked({
  actor,
  connection,
}: {
  readonly actor: Actor;
  readonly connection: FoundConnection;
}) {
  const leftMs = connection.isProduction ? unlockLeft(actor, connection) : 0;
  if (leftMs === 0) return null;
  const t = await getTranslations("unlock");
  const words = {
    banner: t("banner"),
    left: t("left", { left: "{left}" }),
    lock: t("lock"),
    failed: t("failed"),
  };
  return <LateUnlockBanner connectionId={connection.profile.id} leftMs={leftMs} words={words} />;
}
