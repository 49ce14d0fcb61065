import "server-only";
import net from "node:net";
import type tls from "node:tls";
import type pg from "pg";
import { diagnose } from "#lib/diagnosis/diagnose.ts";
import { fixesFor } from "#lib/diagnosis/fixes-for.ts";
import { missingMaterial } from "#lib/diagnosis/material-problem.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type StepName, stepNames } from "#lib/problems/step-names.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { roundedMs } from "#lib/rounded-ms.ts";
import { checksOfTls } from "#lib/settings/checks-of.ts";
import { isTokenSignIn } from "#lib/settings/form-values.ts";
import { awsServiceTime } from "#lib/tokens/service-time.ts";
import { signInToken } from "#lib/tokens/sign-in-token.ts";
import { missingIntermediates } from "#lib/trust/met-intermediates.ts";
import { otherTrustStores } from "#lib/trust/other-trust-stores.ts";
import type { TrustStores } from "#lib/trust/provider-store.ts";
import { AttemptSteps, AttemptStopped } from "#lib/wire/attempt-steps.ts";
import { checkSession, type Demands } from "#lib/wire/demands.ts";
import { type Evidence, noEvidence, WireProblem } from "#lib/wire/evidence.ts";
import { type Lookup, leadsTo } from "#lib/wire/find-addresses.ts";
import type { InboundMeter } from "#lib/wire/inbound-limits.ts";
import { unusualKeyCurve } from "#lib/wire/key-curve.ts";
import { usableName } from "#lib/wire/nearest-name.ts";
import { type NetworkPolicy, networkPolicy } from "#lib/wire/network-policy.ts";
import { openChannel } from "#lib/wire/open-channel.ts";
import type { AttemptEvent, AttemptReport, ServerReport, StepReport } from "#lib/wire/report.ts";
import { ServerRefusal } from "#lib/wire/request-tls.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { signIn } from "#lib/wire/sign-in.ts";
import { serverReport } from "./server-report.ts";
import { tlsReport } from "./tls-report.ts";

export interface ConnectOptions {
  /** Told of every step as it begins and ends, and of the whole at last. */
  readonly onEvent?: ((event: AttemptEvent) => void) | undefined;
  /** Ends the attempt at once, at whatever step it is. */
  readonly signal?: AbortSignal | undefined;
  /** Which addresses may be dialled. A console that others reach must give its own. */
  readonly network?: NetworkPolicy | undefined;
  /** Where the system's trust store lies, when not where the platform has it, and the provider roots that people gave. */
  readonly trustStore?: TrustStores | undefined;
  /** In place of the machine's resolver. */
  readonly lookup?: Lookup | undefined;
  /** What else the connection must be; it is closed when it is not. */
  readonly demands?: Demands | undefined;
}

/** A connection that stands. Whoever holds it closes it. */
export interface LiveConnection {
  readonly client: pg.Client;
  readonly socket: net.Socket | tls.TLSSocket;
  readonly inbound: InboundMeter;
  readonly report: AttemptReport;
  /** What the server says of the session's settings, as they are now (ParameterStatus). */
  readonly parameters: ReadonlyMap<string, string>;
  /** What a CancelRequest must carry. */
  readonly backend: { readonly pid: number; readonly secretKey: number };
  /** Ends the session in good order; by force when the server does not answer. Never throws. */
  close(): Promise<void>;
}

export interface Attempt {
  readonly report: AttemptReport;
  readonly connection: LiveConnection | null;
}

/**
 * Opens one connection to a profile's server, up all steps, and asks the server what it sees.
 *
 * `prefer` and `allow` are the only modes that try another transport, each marked in `report.fallback`, where libpq
 * does: `prefer` goes on in plain text when the server has no TLS, when the handshake fails, or when the server
 * refuses the sign-in; `allow` begins in plain text and turns to TLS when the server refuses it. Other than libpq,
 * `prefer` never turns to plain text after a certificate that did not verify: that is where an attacker stands.
 * @returns never throws for what can be expected: `report.problem` says what went wrong, and `connection` is null
 */
export async function connect(profile: ProfileDraft, options: ConnectOptions = {}): Promise<Attempt> {
  const steps = new AttemptSteps({
    wholeMs: profile.connectTimeoutMs,
    onEvent: options.onEvent,
    signal: options.signal,
  });
  try {
    const attempt = await tryTransports(steps, profile, options);
    steps.tell({ type: "done", report: attempt.report });
    return attempt;
  } finally {
    steps.end();
  }
}

/** Connects, asks the server what it sees, closes. */
export async function testConnection(
  profile: ProfileDraft,
  options: ConnectOptions = {},
): Promise<AttemptReport> {
  const attempt = await connect(profile, options);
  await attempt.connection?.close();
  return attempt.report;
}

/**
 * Looks at a server without signing in: up to its certificate and name, checked as the profile says, and no further.
 * Nothing of the profile's secrets is used, and no client certificate is shown, whatever the profile holds.
 * @returns as a test does; a look that passed has the steps from the sign-in on as skipped, and `server` null
 */
export async function lookAtServer(
  { secrets: _, ...profile }: ProfileDraft,
  options: Omit<ConnectOptions, "demands"> = {},
): Promise<AttemptReport> {
  const steps = new AttemptSteps({
    wholeMs: profile.connectTimeoutMs,
    onEvent: options.onEvent,
    signal: options.signal,
  });
  const { clientCertificate: __, ...tls } = profile.tls;
  const evidence = noEvidence({ ...profile, secrets: {}, tls }, new Date());
  evidence.transport = "tls";
  try {
    const report = await lookOnce(steps, evidence, options);
    steps.tell({ type: "done", report });
    return report;
  } finally {
    steps.end();
  }
}

async function lookOnce(
  steps: AttemptSteps,
  evidence: Evidence,
  options: ConnectOptions,
): Promise<AttemptReport> {
  try {
    const { socket } = await openChannel(steps, evidence, {
      network: options.network ?? networkPolicy(),
      lookup: options.lookup,
      trustStore: options.trustStore,
      withoutTls: "fail",
    });
    socket.destroy();
  } catch (error) {
    return failureReport(steps, [await account(steps, evidence, error, options)]);
  }
  return {
    ok: true,
    problem: null,
    steps: steps.reports(),
    tls: tlsReport(evidence),
    server: null,
    fallback: null,
    ms: roundedMs(steps.elapsed),
  };
}

/**
 * Opens a connection for one piece of work and closes it, whatever happens.
 * @returns the attempt's problem when there is no connection; what `work` throws is thrown
 */
export async function withClient<T>(
  profile: ProfileDraft,
  options: ConnectOptions,
  work: (connection: LiveConnection) => Promise<T>,
): Promise<Result<T>> {
  const { connection, report } = await connect(profile, options);
  if (connection === null) return failed(report.problem ?? problem("unexpected"));
  try {
    return ok(await work(connection));
  } finally {
    await connection.close();
  }
}

type Transport = Evidence["transport"];

/** libpq's order (fe-connect.c). */
function transportsOf({ tls: { mode } }: ProfileDraft): readonly [Transport, ...Transport[]] {
  switch (mode) {
    case "disable":
      return ["plaintext"];
    case "allow":
      return ["plaintext", "tls"];
    case "prefer":
      return ["tls", "plaintext"];
    default:
      return ["tls"];
  }
}

interface Failure {
  readonly error: unknown;
  readonly evidence: Evidence;
  readonly problem: Problem;
  readonly steps: readonly StepReport[];
}

async function tryTransports(
  steps: AttemptSteps,
  profile: ProfileDraft,
  options: ConnectOptions,
): Promise<Attempt> {
  const failures: Failure[] = [];
  for (const transport of transportsOf(profile)) {
    if (failures.length > 0) steps.restart();
    const evidence = noEvidence(profile, new Date());
    evidence.transport = transport;
    try {
      return await attemptOnce(steps, evidence, options);
    } catch (error) {
      const failure = await account(steps, evidence, error, options);
      failures.push(failure);
      if (!mayTurn(failure)) break;
    }
  }
  return { connection: null, report: failureReport(steps, failures) };
}

async function attemptOnce(
  steps: AttemptSteps,
  evidence: Evidence,
  options: ConnectOptions,
): Promise<Attempt> {
  const { profile } = evidence;
  const first = transportsOf(profile)[0];
  refuseUnusable(profile);
  // Made while the server is dialled; taken up when it is verified. One that nobody takes up is forgotten.
  const making = isTokenSignIn(profile.signIn) ? signInToken(profile, steps.signal) : undefined;
  void Promise.allSettled([making]);
  const channel = await openChannel(steps, evidence, {
    network: options.network ?? networkPolicy(),
    lookup: options.lookup,
    trustStore: options.trustStore,
    withoutTls: profile.tls.mode === "prefer" ? "plaintext" : "fail",
  });
  let whatBroke: () => Error | null = () => null;
  try {
    const signedIn = await signIn(steps, evidence, channel, options.demands, making);
    const { client, inbound, backend, parameters } = signedIn;
    whatBroke = signedIn.whatBroke;
    inbound.startResult(reportBytes);
    // Made while the server answers: describing certificates costs us time, not it.
    const asking = steps.within(
      serverReport(client, parameters, {
        user: profile.user,
        database: profile.database || profile.user,
        pid: backend.pid,
      }),
    );
    const encryption = tlsReport(evidence);
    const server = await asking;
    checkSession(options.demands ?? {}, server, parameters);
    inbound.ready();
    steps.note({ version: server.version, database: server.database, readOnly: server.readOnly });
    steps.pass();
    const report: AttemptReport = {
      ok: true,
      problem: null,
      steps: steps.reports(),
      tls: encryption,
      server,
      fallback:
        evidence.transport === first ? null : evidence.transport === "tls" ? "to-tls" : "to-plaintext",
      ...tokenReport(evidence),
      ms: roundedMs(steps.elapsed),
    };
    const close = () => closeClient(client, channel.socket);
    const { socket } = channel;
    return { report, connection: { client, socket, inbound, report, parameters, backend, close } };
  } catch (error) {
    channel.socket.destroy();
    throw error instanceof AttemptStopped ? error : (whatBroke() ?? error);
  }
}

/** One row of a few short texts: what is longer is no answer to it. */
const reportBytes = 64 * 1024;

/** What needs no server to be known wrong. */
function refuseUnusable(profile: ProfileDraft): void {
  // The driver would take an empty user from the environment.
  if (profile.user === "") throw new WireProblem("setting-invalid", { setting: "user", reason: "empty" });
  const missing = missingMaterial(profile);
  if (missing !== undefined) throw new WireProblem(missing);
  if (isTokenSignIn(profile.signIn) && checksOfTls(profile.tls).server === "none")
    throw new WireProblem("auth-token-needs-verification", { mode: profile.tls.mode });
  // libpq: weak sslmode may not be used with sslnegotiation=direct.
  if (checksOfTls(profile.tls).encryption === "optional" && profile.tls.negotiation === "direct")
    throw new WireProblem("trust-weak-mode", { parameter: "sslnegotiation", mode: profile.tls.mode });
}

/** Settles a failed try: its problem, and its steps as they stood. */
async function account(
  steps: AttemptSteps,
  evidence: Evidence,
  error: unknown,
  options: ConnectOptions,
): Promise<Failure> {
  evidence.step = steps.step;
  if (evidence.token !== null) evidence.token.refusedAt = new Date();
  if (evidence.handshake !== null && evidence.handshake.verifyError !== null) {
    evidence.otherTrustStores = await storesThatVouch(evidence, options);
    evidence.intermediates = missingIntermediates(evidence.handshake.chain, evidence.anchors);
  }
  evidence.keyCurve = await curveOfItsKey(evidence, error);
  evidence.certificateNameAddresses = await addressesOfItsName(evidence, options);
  const problem = await diagnoseToken(diagnose(error, evidence), error, evidence);
  if (isStep(problem.step)) steps.fail(problem.step);
  else steps.abandon();
  return { error, evidence, problem, steps: steps.reports() };
}

/** A server whose key fits nothing that was offered shows nothing of it: alert 40, handshake_failure, is all it says. */
async function curveOfItsKey(evidence: Evidence, error: unknown): Promise<string | null> {
  const { step, dialled, handshake, certificateAsked, profile } = evidence;
  const isNothingInCommon = error instanceof Error && /SSL alert number 40\b/.test(error.message);
  if (
    step !== "handshake" ||
    dialled === null ||
    handshake !== null ||
    certificateAsked ||
    !isNothingInCommon
  )
    return null;
  return unusualKeyCurve({
    address: dialled,
    port: profile.port,
    direct: profile.tls.negotiation === "direct",
    servername: profile.tls.sni && net.isIP(profile.host) === 0 ? profile.host : undefined,
  });
}

/** The certificate's own name is worth proposing as the host only where it leads to this server. */
async function addressesOfItsName(
  { step, handshake, profile }: Evidence,
  { lookup }: ConnectOptions,
): Promise<readonly string[]> {
  if (step !== "host-name" || handshake === null || handshake.name.matches) return [];
  const name = usableName(handshake.name.names, profile.host);
  return name === undefined ? [] : leadsTo(name, lookup);
}

/** A refused token may be a clock of ours that is off, which the cloud's own clock tells. */
async function diagnoseToken(found: Problem, error: unknown, evidence: Evidence): Promise<Problem> {
  const { token } = evidence;
  if (token === null || token.region === null || evidence.signIn.accepted) return found;
  if (found.code !== "auth-token-refused" && found.code !== "auth-token-expired") return found;
  if (found.facts.reason === "password-asked") return found;
  token.serviceTime = await awsServiceTime(token.region);
  return diagnose(error, evidence);
}

function tokenReport({ token }: Evidence): Pick<AttemptReport, "token"> {
  if (token === null) return {};
  const { kind, madeAt, expiresAt, region } = token;
  return {
    token: { kind, madeAt: madeAt.toISOString(), expiresAt: expiresAt.toISOString(), region },
  };
}

async function storesThatVouch(
  evidence: Evidence,
  options: ConnectOptions,
): Promise<Evidence["otherTrustStores"]> {
  const [leaf, ...others] = evidence.handshake?.chain ?? [];
  if (leaf === undefined) return [];
  return otherTrustStores([leaf, ...others], evidence.profile, options.trustStore);
}

function isStep(step: Problem["step"]): step is StepName {
  return step !== "input" && step !== "console";
}

/** Whether libpq would try its other transport now; see `connect`. */
function mayTurn({ error, evidence, problem }: Failure): boolean {
  if (error instanceof AttemptStopped) return false;
  // libpq finds it out by itself, before it has answered the server.
  if (problem.code === "auth-channel-binding-unsupported") return false;
  const refusedBySignIn = isServerError(error) && !evidence.signIn.accepted;
  if (evidence.profile.tls.mode === "allow") return refusedBySignIn;
  const verifies = checksOfTls(evidence.profile.tls).server !== "none";
  const certificateFailed =
    verifies && evidence.handshake !== null && evidence.handshake.verifyError !== null;
  if (evidence.transport === "plaintext" || certificateFailed) return false;
  return refusedBySignIn || error instanceof ServerRefusal || evidence.step === "handshake";
}

/** Of two tries the one that came further tells more; of two that came equally far, the encrypted one. */
function failureReport(steps: AttemptSteps, failures: readonly Failure[]): AttemptReport {
  const height = (one: Failure) => (isStep(one.problem.step) ? stepNames.indexOf(one.problem.step) : -1);
  const [told] = failures.toSorted(
    (a, b) =>
      height(b) - height(a) ||
      Number(b.evidence.transport === "tls") - Number(a.evidence.transport === "tls"),
  );
  const server: ServerReport | null = null;
  const problemTold = tlsNotAllowed(failures) ?? told?.problem ?? problem("unexpected");
  return {
    ok: false,
    problem: problemTold,
    steps: told?.steps ?? steps.reports(),
    tls: told === undefined ? null : tlsReport(told.evidence),
    server,
    fallback: null,
    ms: roundedMs(steps.elapsed),
  };
}

/**
 * Over TLS the server found no rule, in plain text it did and stopped at something else: so its rules leave out
 * encrypted connections only (`hostnossl`), which one try alone cannot know.
 */
function tlsNotAllowed(failures: readonly Failure[]): Problem | null {
  const encrypted = failures.find(({ evidence }) => evidence.transport === "tls");
  const plain = failures.find(({ evidence }) => evidence.transport === "plaintext");
  if (encrypted?.problem.code !== "auth-rule-missing" || plain === undefined) return null;
  const foundRule = isServerError(plain.error) && plain.problem.code !== "auth-tls-required";
  if (!foundRule) return null;
  const fixes = fixesFor("auth-tls-not-allowed", encrypted.evidence);
  return problem("auth-tls-not-allowed", encrypted.problem.facts, { fixes, also: [plain.problem.code] });
}

/** How long a server may take to say goodbye. */
const goodbyeMs = 1000;

async function closeClient(client: pg.Client, socket: net.Socket): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), goodbyeMs);
  try {
    await client.end();
  } catch {
    // The connection is gone: that is what was wanted.
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
