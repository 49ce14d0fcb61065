"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState, useTransition } from "react";
import type { Answer, Explained } from "#app/_server/answer.ts";
import { SaveLine } from "#components/save-line.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { type Role, roles } from "#lib/team/access.ts";
import { useToast } from "../toasts.tsx";
import { addMember, setMemberDisabled } from "./team-actions.ts";

interface Member {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly you: boolean;
}

/** The people of this console; owners add them and shut them out. */
export function TeamList({ members }: { readonly members: readonly Member[] }) {
  const t = useTranslations("settings.team");
  const wait = useTranslations("waiting");
  const router = useRouter();
  const [failure, setFailure] = useState<Explained>();
  const toast = useToast();
  const [busy, startBusy] = useTransition();

  function run(act: () => Promise<Answer<unknown>>, done: string, after?: () => void) {
    startBusy(async () => {
      const result = await act();
      setFailure(result.ok ? undefined : result.explained);
      if (result.ok) {
        toast({ text: done });
        after?.();
      }
      router.refresh();
    });
  }

  function add(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    const name = String(values.get("name") ?? "");
    run(
      () =>
        addMember({
          name,
          password: String(values.get("password") ?? ""),
          role: String(values.get("role") ?? ""),
        }),
      t("added", { name }),
      () => form.reset(),
    );
  }

  return (
    <>
      <ul className="divide-y divide-line">
        {members.map((member) => (
          <li key={member.id} className="flex items-center gap-3 py-2">
            <p className="mr-auto flex min-w-0 items-center gap-2">
              <span className="truncate font-medium">{member.name}</span>
              {member.you ? <span className="text-muted">({t("you")})</span> : null}
              <Badge tone={member.role === "owner" ? "accent" : "neutral"}>{t(`roles.${member.role}`)}</Badge>
              {member.disabled ? <Badge tone="warn">{t("disabled")}</Badge> : null}
            </p>
            {member.you ? null : (
              <Button
                size="sm"
                pending={busy}
                aria-label={t(member.disabled ? "enableNamed" : "disableNamed", { name: member.name })}
                onClick={() =>
                  run(
                    () => setMemberDisabled(member.id, !member.disabled),
                    t("changed", { name: member.name }),
                  )
                }
              >
                {member.disabled ? t("enable") : t("disable")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <form onSubmit={add} className="flex flex-col gap-4 border-line border-t pt-4">
        <div className="grid gap-4 sm:grid-cols-3">
          <TextField label={t("addName")} name="name" maxLength={64} required />
          <TextField
            label={t("addPassword")}
            hint={t("addPasswordHint")}
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={12}
            maxLength={256}
            required
          />
          <SelectField
            label={t("addRole")}
            name="role"
            defaultValue="member"
            options={roles.map((role) => ({ value: role, label: t(`roles.${role}`) }))}
          />
        </div>
        <SaveLine label={t("add")} pending={busy} waiting={wait("saving")} failure={failure} />
      </form>
    </>
  );
}
