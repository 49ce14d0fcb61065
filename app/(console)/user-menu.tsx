"use client";

import { ChevronDown, Keyboard, LogOut, ShieldCheck, SlidersHorizontal } from "lucide-react";
import { useRouter } from "next/navigation";
import { Menu } from "#components/ui/menu.tsx";
import { leave } from "./leaving.ts";
import { signOut } from "./sign-out.ts";

interface Props {
  readonly name: string;
  readonly words: Readonly<
    Record<"menu" | "signedIn" | "preferences" | "security" | "keys" | "signOut", string>
  >;
}

/** Whose console this is, and what is theirs: preferences, security, the keys, the way out. */
export function UserMenu({ name, words }: Props) {
  const router = useRouter();
  const to = (href: string) => ({ href, onSelect: () => router.push(href) });
  return (
    <Menu
      label={words.menu}
      head={<p className="break-words text-fact text-muted">{words.signedIn}</p>}
      className="inline-flex h-9 shrink-0 items-center gap-2 rounded-md px-1.5 text-muted text-sm transition-colors hover:bg-sunken hover:text-ink aria-expanded:bg-sunken aria-expanded:text-ink pointer-coarse:min-h-11 pointer-coarse:min-w-11"
      items={[
        { label: words.preferences, icon: SlidersHorizontal, ...to("/settings/preferences") },
        { label: words.security, icon: ShieldCheck, ...to("/settings/security") },
        { label: words.keys, icon: Keyboard, ...to("/help/keys") },
        "divider",
        { label: words.signOut, icon: LogOut, onSelect: () => leave(signOut) },
      ]}
    >
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-full border border-accent/25 bg-accent-soft font-medium text-accent text-mini uppercase"
      >
        {[...name][0]}
      </span>
      <span className="hidden max-w-40 truncate sm:block">{name}</span>
      <ChevronDown aria-hidden className="size-3.5 shrink-0" />
    </Menu>
  );
}
