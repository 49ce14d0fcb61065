import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { loginPage } from "#app/_server/guard.ts";
import { readReturnPath } from "#app/_server/return-path.ts";
import { Alert } from "#components/ui/alert.tsx";
import { LoginForm } from "./login-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("access.login"))("title") };
}

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** User name and password, or the token of a one-time link. */
export default async function LoginPage({ searchParams }: Props) {
  const { returnTo: asked, signedOut } = await searchParams;
  const returnTo = readReturnPath(typeof asked === "string" ? asked : undefined);
  await loginPage(returnTo);
  const t = await getTranslations("access.login");
  return (
    <>
      <h1 className="mb-5 font-semibold text-xl tracking-tight">{t("title")}</h1>
      {signedOut === "not-kept" && (
        <Alert tone="warn" role="alert" problem="sign-out-not-kept" className="mb-4">
          {t("signOutNotKept")}
        </Alert>
      )}
      {signedOut === "restored" && (
        <Alert tone="info" role="status" className="mb-4">
          {t("restored")}
        </Alert>
      )}
      <LoginForm returnTo={returnTo ?? "/connections"} />
    </>
  );
}
