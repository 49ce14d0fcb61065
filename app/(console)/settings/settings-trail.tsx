"use client";

import { usePathname } from "next/navigation";
import { Breadcrumb } from "../breadcrumb.tsx";

interface Props {
  readonly label: string;
  readonly title: string;
  readonly sections: readonly { readonly href: string; readonly label: string }[];
}

/** The way to the section that is shown. A page below one says its own. */
export function SettingsTrail({ label, title, sections }: Props) {
  const path = usePathname();
  const here = sections.find(({ href }) => href === path);
  return here === undefined ? null : (
    <Breadcrumb label={label} above={[{ href: "/settings", label: title }]} here={here.label} />
  );
}
