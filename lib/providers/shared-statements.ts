import type { RecommendedSetting, SayId, Statement } from "./guide.ts";

/** Statements that several guides share, as functions of what differs. */

export function say(id: SayId, source?: Statement["source"]): Statement {
  return source === undefined ? { id } : { id, source };
}

/** Where something is found on the provider's own pages: a path of labels, as it stands there in English. */
export function sayWhere(id: SayId, place: string, source: Statement["source"] = "unconfirmed"): Statement {
  return { id, values: { place }, source };
}

/** Where sources differ; the words tell the readings and which one was taken. */
export function sayDisputed(id: SayId, source: Statement["source"]): Statement {
  return source === undefined ? { id, disputed: true } : { id, source, disputed: true };
}

export const verifyFullPublic: RecommendedSetting = {
  field: "mode",
  value: "verify-full",
  why: say("why-full-public"),
};

export const verifyFullPrivate: RecommendedSetting = {
  field: "mode",
  value: "verify-full",
  why: say("why-full-private"),
};

export const trustSystem: RecommendedSetting = {
  field: "trust",
  value: "system",
  why: say("why-trust-system"),
};

export const trustOwn: RecommendedSetting = { field: "trust", value: "own", why: say("why-trust-own") };

export const sendSni: RecommendedSetting = { field: "sni", value: "on", why: say("why-sni") };

export function port(value: string): RecommendedSetting {
  return { field: "port", value, why: say("why-port") };
}

/** For providers that give every service its own. */
export function ownPort(): RecommendedSetting {
  return { field: "port", value: "own", why: say("why-port-own") };
}

export function database(value: string): RecommendedSetting {
  return { field: "database", value, why: say("why-database") };
}

export function user(value: string): RecommendedSetting {
  return { field: "user", value, why: say("why-user") };
}
