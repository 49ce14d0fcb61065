import "server-only";
import type { Secret } from "#lib/secret.ts";

/** A password that lasts for minutes. It is made for one physical connection and kept nowhere. */
export interface SignInToken {
  readonly value: Secret;
  readonly madeAt: Date;
  /** Until when it, and the credentials that made it, count for signing in. */
  readonly expiresAt: Date;
  /** The AWS region it was signed for; null for Entra. */
  readonly region: string | null;
}
