import { redirect } from "next/navigation";
import { pageActor } from "#app/_server/guard.ts";

/** The address people type: on to the connections, or to the login or the set-up. */
export default async function HomePage() {
  await pageActor("connections:read");
  redirect("/connections");
}
