import { redirect } from "next/navigation";
import { pageActor } from "#app/_server/guard.ts";

/** One form, one place to edit: in Settings. */
export default async function EditPage({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  await pageActor("connections:save");
  const { id } = await params;
  redirect(`/settings/connections/${encodeURIComponent(id)}`);
}
