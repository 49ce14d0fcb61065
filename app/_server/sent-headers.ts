import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { headers } from "next/headers";
import { processWide } from "#lib/process-wide.ts";

/** The headers of the request that is being answered, be it behind the framework or in front of it. */
export async function sentHeaders(): Promise<Headers> {
  return headersInFront() ?? (await headers());
}

/** @returns undefined behind the framework */
export function headersInFront(): Headers | undefined {
  return inFront().getStore();
}

/** Does what is to be done for a request that the framework never sees. */
export function withSentHeaders<T>(sent: Headers, work: () => Promise<T>): Promise<T> {
  return inFront().run(sent, work);
}

function inFront(): AsyncLocalStorage<Headers> {
  return processWide("sent-headers", () => new AsyncLocalStorage<Headers>());
}
