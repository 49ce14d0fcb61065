"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";

interface Props {
  /** A look at the server that signs nobody in. */
  readonly onLook?: () => void;
  /** A search for the strongest settings that connect. */
  readonly onSearch?: () => void;
}

/** What else can be tried than the form as it stands. */
export function OtherTries({ onLook, onSearch }: Props) {
  const t = useTranslations("form");
  if (onLook === undefined && onSearch === undefined) return null;
  return (
    <div className="ml-auto flex flex-wrap gap-2 max-sm:ml-0">
      {onLook && (
        <Button size="sm" title={t("look.lead")} onClick={onLook}>
          {t("look.start")}
        </Button>
      )}
      {onSearch && (
        <Button size="sm" title={t("strongest.lead")} onClick={onSearch}>
          {t("strongest.start")}
        </Button>
      )}
    </div>
  );
}
