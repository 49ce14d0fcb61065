import { notFound } from "next/navigation";
import { pageActor } from "#app/_server/guard.ts";

/** Every path that nothing else answers: not found, inside the frame. Strangers are asked to sign in first. */
export default async function NowherePage() {
  await pageActor("connections:read");
  notFound();
}
