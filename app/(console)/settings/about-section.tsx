import { getTranslations } from "next-intl/server";
import { Card } from "#components/ui/card.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { productVersion } from "#lib/product-version.ts";

/** What runs here. */
export async function AboutSection() {
  const t = await getTranslations("settings");
  const endOfLife = Number(process.versions.node.split(".")[0]) < 22;
  return (
    <Card title={t("sections.about")}>
      <Facts
        rows={[
          [t("about.version"), productVersion],
          [t("about.node"), process.versions.node],
          [t("about.openssl"), process.versions.openssl],
          [t("about.licence"), "MIT"],
        ]}
      />
      {endOfLife ? <p className="text-warn text-sm">{t("about.endOfLife")}</p> : null}
    </Card>
  );
}
