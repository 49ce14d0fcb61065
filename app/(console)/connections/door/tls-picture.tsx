import {
  Database,
  Eye,
  EyeOff,
  Lock,
  LockOpen,
  Monitor,
  ShieldAlert,
  ShieldCheck,
  ShieldQuestionMark,
  ShieldX,
} from "lucide-react";
import { getTranslations } from "next-intl/server";
import { classes } from "#components/ui/classes.ts";

const bad = "text-danger";
const weak = "text-warn";
const good = "text-success";

/** What each mode proves, the weakest first. */
const modes = [
  { mode: "disable", read: "anyone", pose: "anyone", tones: [bad, bad], Shield: ShieldX },
  // Encryption is worth what the proof of the other end is: to whoever impersonates it, one hands the key.
  { mode: "require", read: "impersonator", pose: "anyone", tones: [weak, bad], Shield: ShieldQuestionMark },
  { mode: "verify-ca", read: "impersonator", pose: "sameCa", tones: [weak, weak], Shield: ShieldAlert },
  { mode: "verify-full", read: "nobody", pose: "nobody", tones: [good, good], Shield: ShieldCheck },
] as const;

/** The four TLS modes in one picture: who on the way can read, and who can pose as the server. */
export async function TlsPicture() {
  const t = await getTranslations("door.tls");
  const form = await getTranslations("form.modes");
  return (
    <section aria-labelledby="tls-picture">
      <h2 id="tls-picture" className="font-semibold text-base">
        {t("title")}
      </h2>
      <p className="mt-0.5 mb-3 text-muted">{t("lead")}</p>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {modes.map(({ mode, read, pose, tones: [reading, posing], Shield }) => {
          const isOpen = read === "anyone";
          return (
            <li key={mode} className="flex flex-col gap-2.5 rounded-lg border border-line bg-surface p-4">
              <h3 className="font-medium">{form(`${mode}.title`)}</h3>
              <div aria-hidden className="flex items-center gap-1.5 text-muted">
                <Monitor className="size-6 shrink-0" />
                <Line tone={reading} />
                {isOpen ? (
                  <LockOpen className={classes("size-4 shrink-0", bad)} />
                ) : (
                  <Lock className={classes("size-4 shrink-0", reading)} />
                )}
                <Line tone={reading} />
                <Shield className={classes("size-5 shrink-0", posing)} />
                <Database className="size-6 shrink-0" />
              </div>
              <p className="flex items-start gap-2 text-[0.8125rem]">
                {isOpen ? (
                  <Eye aria-hidden className={classes("mt-0.5 size-4 shrink-0", bad)} />
                ) : (
                  <EyeOff aria-hidden className={classes("mt-0.5 size-4 shrink-0", reading)} />
                )}
                {t(`read.${read}`)}
              </p>
              <p className="flex items-start gap-2 text-[0.8125rem]">
                <Shield aria-hidden className={classes("mt-0.5 size-4 shrink-0", posing)} />
                {t(`pose.${pose}`)}
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Line({ tone }: { readonly tone: string }) {
  return (
    <span
      className={classes(
        "h-0 min-w-2 flex-1 border-current border-t-2",
        tone === bad && "border-dashed",
        tone,
      )}
    />
  );
}
