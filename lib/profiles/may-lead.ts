import type { SecretField } from "#lib/settings/form-values.ts";

/** How long after somebody showed who they are their own secrets may be led on without asking again. */
export const leadWindow = 15 * 60_000;

/** Who wants a stored secret to go where it did not go before. Times are milliseconds since 1970. */
export interface Leader {
  readonly userId: string;
  /** Whether the host's own cloud credentials are theirs to use. */
  readonly mayUseHost: boolean;
  /** When they last signed in, or gave their own password to the console; undefined where that is not known. */
  readonly confirmedAt: number | undefined;
}

/**
 * Whether a stored secret may be led on: at once; after its giver confirmed who they are; or only by who gives it again,
 * which everybody may who knows it.
 */
export type LeadAnswer = "lead" | "confirm" | "give";

/** Who gave each stored secret; one that nobody is known to have given is missing. */
export type GivenBy = Readonly<Partial<Record<SecretField, string>>>;

/**
 * Whoever gave a secret may lead it on; nobody else may, whatever their role: an owner, too, could otherwise have a
 * colleague's password sent to a server of their own.
 */
export function mayLeadSecret(giver: string | undefined, leader: Leader, now: number): LeadAnswer {
  return giver !== undefined && giver === leader.userId ? fresh(leader, now) : "give";
}

/** The host's own credentials were given to the host: those who may use them answer for them. */
export function mayLeadHost(leader: Leader, now: number): LeadAnswer {
  return leader.mayUseHost ? fresh(leader, now) : "give";
}

/** A moment that lies ahead was noted by a clock that was put back since: it says nothing. */
function fresh({ confirmedAt }: Leader, now: number): "lead" | "confirm" {
  if (confirmedAt === undefined) return "confirm";
  const age = now - confirmedAt;
  return age >= 0 && age < leadWindow ? "lead" : "confirm";
}
