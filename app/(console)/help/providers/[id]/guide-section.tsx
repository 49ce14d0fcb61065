import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Card } from "#components/ui/card.tsx";
import type { GuideSectionId } from "#lib/guides/guide-sections.ts";

/** One section of a guide. Its anchor is its id. */
export async function GuideSection({
  id,
  children,
}: {
  readonly id: GuideSectionId;
  readonly children: ReactNode;
}) {
  const t = await getTranslations("guides.sections");
  return (
    <div id={id} className="scroll-mt-16">
      <Card title={t(id)}>{children}</Card>
    </div>
  );
}
