import "server-only";
import type { EventEmitter } from "node:events";
import pg from "pg";
import type { Result } from "#lib/problems/result.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import type { Secret } from "#lib/secret.ts";
import { isTokenSignIn } from "#lib/settings/form-values.ts";
import type { SignInToken } from "#lib/tokens/short-lived-token.ts";
import { type AttemptSteps, AttemptStopped } from "./attempt-steps.ts";
import { type Demands, type SignInWord, unusedCertificate } from "./demands.ts";
import { type Evidence, type SignInMethod, WireProblem } from "./evidence.ts";
import { type InboundMeter, meterSocket } from "./inbound-limits.ts";
import type { Channel } from "./open-channel.ts";
import { alreadyConnected, backendOf, beforeTheDriver, forgetPassword, setStartup } from "./pg-internals.ts";
import { deriveInTurn, mostRounds, roundsAsked } from "./scram-rounds.ts";
import { verifiedBy } from "./verified.ts";

export interface SignedIn {
  readonly client: pg.Client;
  readonly inbound: InboundMeter;
  /** What a CancelRequest must carry. */
  readonly backend: { readonly pid: number; readonly secretKey: number };
  /** What the server told of itself unasked: `server_version`, `is_superuser` and others. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Why the connection is of no use any more; null while it is. */
  readonly whatBroke: () => Error | null;
}

/**
 * Signs in over a channel, by the driver, and takes `sign-in`. On return the step `session` has begun.
 *
 * The driver is given everything and left nothing to look up: it would take what is missing from PG* variables and
 * ~/.pgpass. It answers a request for a clear-text or MD5 password without asking, so such requests are stopped
 * before they reach it unless the server is proved or the person allowed it. A token is not even taken up before the
 * server is proved, whatever was allowed.
 * @param making the token that is being made, where the profile signs in with one
 * @throws WireProblem for what was refused here; the driver's own error otherwise
 */
export async function signIn(
  steps: AttemptSteps,
  evidence: Evidence,
  channel: Channel,
  demands: Demands = {},
  making?: Promise<Result<SignInToken>>,
): Promise<SignedIn> {
  const { profile } = evidence;
  const { socket } = channel;
  steps.begin("sign-in");
  steps.note({ user: profile.user });
  const password = isTokenSignIn(profile.signIn)
    ? await takeToken(steps, evidence, making)
    : profile.secrets.password;
  const inbound = meterSocket(socket);
  const client = new pg.Client({
    host: profile.host || "localhost",
    port: profile.port,
    user: profile.user,
    database: profile.database || profile.user,
    password: () => (profile.signIn === "certificate" ? "" : (password?.reveal() ?? "")),
    ssl: false,
    sslnegotiation: "postgres",
    stream: () => alreadyConnected(socket),
    types: { getTypeParser: () => asTheServerWroteIt },
    client_encoding: "UTF8",
    connectionTimeoutMillis: 0,
    ...scramRounds(profile),
    ...channelBinding(profile, channel.encrypted),
  });
  setStartup(client, {
    options: profile.options === "" ? undefined : profile.options,
    applicationName: profile.applicationName || "cloak-db",
  });
  // The driver says once what broke the connection; every query after it only says that it is broken.
  let broken: Error | null = null;
  client.on("error", (error) => {
    broken ??= error;
  });

  const parameters = new Map<string, string>();
  client.connection.on("parameterStatus", (message: { parameterName: string; parameterValue: string }) => {
    if (parameters.size < 100) parameters.set(message.parameterName, message.parameterValue);
  });
  const connecting = client.connect();
  const refusals: WireProblem[] = [];
  watchSignIn(client.connection, steps, evidence, inbound, demands, (refusal) => {
    refusals.push(refusal);
    socket.destroy(refusal);
  });
  // It was paused for the steps before; a listener alone does not wake it then.
  socket.resume();
  try {
    await steps.within(connecting);
    // What came in the same packet as the refused message has been read already.
    if (refusals[0] !== undefined) throw refusals[0];
  } catch (error) {
    socket.destroy();
    throw refusals[0] ?? inbound.breach ?? error;
  }
  forgetPassword(client);
  const whatBroke = () => refusals[0] ?? inbound.breach ?? broken;
  return { client, inbound, backend: backendOf(client), parameters, whatBroke };
}

/** No date is shifted and no digit lost where nothing is converted. */
function asTheServerWroteIt(value: unknown): unknown {
  return value;
}

/**
 * Waits for the token, which was made while the server was dialled. Whoever gets hold of one can sign in with it: it
 * goes to a server that is verified in full, or pinned, and to no other. Neither the form's checks nor
 * `allowWeakPassword` count here.
 */
async function takeToken(
  steps: AttemptSteps,
  evidence: Evidence,
  making: Promise<Result<SignInToken>> | undefined,
): Promise<Secret> {
  if (!isProved(evidence))
    throw new WireProblem("auth-token-needs-verification", { transport: evidence.transport });
  if (making === undefined) throw new Error("a token sign-in without a token");
  const made = await steps.within(making).catch((error: unknown) => {
    // It is not the server that was waited for.
    if (error instanceof AttemptStopped && error.why === "timeout")
      throw new WireProblem("auth-token-service-unreachable", { waitedMs: error.limitMs });
    throw error;
  });
  if (!made.ok) throw new WireProblem(made.problem.code, made.problem.facts);
  const { value, madeAt, expiresAt, region } = made.value;
  const kind = evidence.profile.signIn;
  if (isTokenSignIn(kind))
    evidence.token = { kind, madeAt, expiresAt, region, refusedAt: null, serviceTime: null };
  steps.note({
    token: kind,
    tokenSeconds: Math.round((expiresAt.getTime() - madeAt.getTime()) / 1000),
    ...(region === null ? {} : { region }),
  });
  return value;
}

/** A way to sign in without a stored password has one of its own, or none. */
function hasPassword(profile: ProfileDraft): boolean {
  if (isTokenSignIn(profile.signIn)) return true;
  const { password } = profile.secrets;
  return profile.signIn !== "certificate" && password !== undefined && !password.isEmpty;
}

/** The driver's own `enableChannelBinding` means "prefer"; `require` is added in `watchSignIn`. */
function channelBinding(profile: ProfileDraft, encrypted: boolean) {
  return { enableChannelBinding: encrypted && profile.tls.channelBinding !== "disable" };
}

/** What the driver has and its types do not say: it would stop at 100,000 rounds; the bound is held in `watchSignIn`. */
function scramRounds({ connectTimeoutMs }: ProfileDraft): object {
  return { scramMaxIterations: mostRounds(connectTimeoutMs) };
}

/** Listens to what the server asks for, before the driver answers it. Holds for the client's whole life. */
function watchSignIn(
  connection: EventEmitter,
  steps: AttemptSteps,
  evidence: Evidence,
  inbound: InboundMeter,
  demands: Demands,
  refuse: (why: WireProblem) => void,
): void {
  const { profile, signIn: seen } = evidence;
  const binding = profile.tls.channelBinding;
  const asked = (method: SignInMethod) => {
    seen.method = method;
    if (!seen.accepted) steps.note({ method });
  };

  // Before anything is answered: a way that is not wanted gets no password (libpq `require_auth`).
  const unwanted = (method: SignInWord) =>
    demands.signIn === undefined || demands.signIn.has(method)
      ? null
      : new WireProblem("auth-method-refused", { method, reason: "require-auth" });

  const weak = (method: "password" | "md5") => () => {
    asked(method);
    const refusal = unwanted(method);
    if (refusal !== null) return refusal;
    if (method === "md5" && isTokenSignIn(profile.signIn)) return passwordAsked(method);
    if (binding === "require") return new WireProblem("auth-channel-binding-unavailable", { method });
    if (!mayHaveWeakPassword(evidence))
      return new WireProblem("auth-method-refused", { method, transport: evidence.transport });
    return hasPassword(profile) ? null : new WireProblem("auth-password-missing", { method });
  };
  gate(connection, "authenticationCleartextPassword", refuse, weak("password"));
  gate(connection, "authenticationMD5Password", refuse, weak("md5"));

  gate(connection, "authenticationSASL", refuse, (message: { mechanisms: readonly string[] }) => {
    const plain = message.mechanisms.includes("SCRAM-SHA-256");
    const plus = message.mechanisms.includes("SCRAM-SHA-256-PLUS");
    seen.channelBindingOffered = plus;
    if (!seen.accepted) steps.note({ channelBindingOffered: plus });
    seen.channelBindingUsed = plus && binding !== "disable" && evidence.transport === "tls";
    asked(seen.channelBindingUsed ? "scram-sha-256-plus" : plain ? "scram-sha-256" : "oauth");
    const refusal = unwanted(plain || seen.channelBindingUsed ? "scram-sha-256" : "oauth");
    if (refusal !== null) return refusal;
    if (isTokenSignIn(profile.signIn)) return passwordAsked(seen.method ?? "scram-sha-256");
    if (binding === "require" && !seen.channelBindingUsed)
      return new WireProblem("auth-channel-binding-unavailable", { method: "scram-sha-256" });
    if (!plain && !seen.channelBindingUsed)
      return new WireProblem("auth-method-refused", { method: message.mechanisms.slice(0, 5) });
    return hasPassword(profile)
      ? null
      : new WireProblem("auth-password-missing", { method: "scram-sha-256" });
  });
  const rounds = ({ data }: { readonly data: string }) => roundsAsked(data) ?? 0;
  gate(
    connection,
    "authenticationSASLContinue",
    refuse,
    (message: { readonly data: string }) => {
      const iterations = rounds(message);
      return iterations <= mostRounds(profile.connectTimeoutMs)
        ? null
        : new WireProblem("auth-method-refused", {
            method: seen.method,
            reason: "scram-iterations",
            iterations,
          });
    },
    (message, derive) => deriveInTurn(rounds(message), steps.signal, derive),
  );
  // SCRAM proves the server to us as well: it knows the password's verifier (RFC 5802).
  connection.on("authenticationSASLFinal", () => {
    seen.passwordAccepted = true;
  });

  gate(connection, "authenticationOk", refuse, () => {
    const scram = seen.method === "scram-sha-256" || seen.method === "scram-sha-256-plus";
    if (scram && !seen.passwordAccepted)
      return new WireProblem("auth-method-refused", { method: seen.method, reason: "server-not-proved" });
    if (binding === "require" && !(seen.channelBindingUsed && seen.passwordAccepted))
      return new WireProblem("auth-channel-binding-unavailable", { method: seen.method ?? "none" });
    if (seen.accepted) return null;
    const unused = unusedCertificate(demands, evidence);
    if (unused !== null) return unused;
    if (seen.method === null) {
      const refusal = unwanted("none");
      if (refusal !== null) return refusal;
      asked("none");
    }
    seen.accepted = true;
    steps.note({ channelBinding: seen.channelBindingUsed });
    steps.begin("session");
    return null;
  });
  connection.on("error", () => {
    // The driver's reader throws on the kinds it does not know; the guard has seen which one it was.
    const kind = otherMethods[inbound.authentication ?? -1];
    if (inbound.breach !== null && kind !== undefined) asked(kind);
  });
}

/** A token is looked at by a service: whoever asks for proof of a stored password means another one. */
function passwordAsked(method: SignInMethod): WireProblem {
  return new WireProblem("auth-token-refused", { method, reason: "password-asked" });
}

/**
 * Sends an event on to the driver only when `check` finds nothing to refuse.
 * @param when decides when the driver's own work on it begins; at once, where it is left out
 */
function gate<Message>(
  connection: EventEmitter,
  event: string,
  refuse: (why: WireProblem) => void,
  check: (message: Message) => WireProblem | null,
  when?: (message: Message, answer: () => Promise<unknown>) => Promise<unknown>,
): void {
  const passes = (message: Message) => {
    const refusal = check(message);
    if (refusal !== null) refuse(refusal);
    return refusal === null;
  };
  beforeTheDriver(connection, event, passes, when);
}

/**
 * Whoever asks for the password in clear text has it, and MD5 is little better. Only a server that is proved
 * to be the right one may ask.
 */
function mayHaveWeakPassword(evidence: Evidence): boolean {
  const { allowWeakPassword, signIn: kind } = evidence.profile;
  return isProved(evidence) || (allowWeakPassword && !isTokenSignIn(kind));
}

function isProved(evidence: Evidence): boolean {
  const verified = verifiedBy(evidence);
  return verified === "full" || verified === "pinned";
}

/** https://www.postgresql.org/docs/18/protocol-message-formats.html: Authentication messages we do not speak. */
const otherMethods: Readonly<Record<number, SignInMethod>> = {
  2: "other",
  6: "other",
  7: "gss",
  8: "gss",
  9: "sspi",
};
