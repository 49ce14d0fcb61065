"use client";

import { useRouter } from "next/navigation";
import type { ReactElement } from "react";
import { Menu } from "#components/ui/menu.tsx";
import { leave } from "./leaving.ts";

interface Props {
  readonly name: string;
  readonly words: Readonly<
    Record<"menu" | "signedIn" | "preferences" | "security" | "keys" | "signOut", string>
  >;
  /** Drawn by the server. */
  readonly icons: Readonly<Record<"preferences" | "security" | "keys" | "signOut" | "open", ReactElement>>;
}

/** Whose console this is, and what is theirs: preferences, security, the keys, the way out. */
export function UserMenu({ name, words, icons }: Props) {
  const router = useRouter();
  const to = (href: string) => ({ href, onSelect: () => router.push(href) });
  return (
    <Menu
      label={words.menu}
      head={<p className="break-words text-fact text-muted">{words.signedIn}</p>}
      className="inline-flex h-9 shrink-0 items-center gap-2 rounded-md px-1.5 text-muted text-sm transition-colors hover:bg-sunken hover:text-ink aria-expanded:bg-sunken aria-expanded:text-ink pointer-coarse:min-h-11 pointer-coarse:min-w-11"
      items={[
        { label: words.preferences, icon: icons.preferences, ...to("/settings/preferences") },
        { label: words.security, icon: icons.security, ...to("/settings/security") },
        { label: words.keys, icon: icons.keys, ...to("/help/keys") },
        "divider",
        { label: words.signOut, icon: icons.signOut, onSelect: () => leave(signOut) },
      ]}
    >
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-full border border-accent/25 bg-accent-soft font-medium text-accent text-mini uppercase"
      >
        {[...name][0]}
      </span>
      <span className="hidden max-w-40 truncate sm:block">{name}</span>
      {icons.open}
    </Menu>
  );
}

async function signOut(): Promise<void> {
  await (await import("./sign-out.ts")).signOut();
}
