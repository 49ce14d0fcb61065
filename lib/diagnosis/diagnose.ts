import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { type Facts, type Problem, problem } from "#lib/problems/problem.ts";
import type { StepName } from "#lib/problems/step-names.ts";
import { factsOf, recogniseError, recogniseIssuer } from "#lib/providers/facts-of.ts";
import type { Provider } from "#lib/providers/list.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { AttemptStopped } from "#lib/wire/attempt-steps.ts";
import { type Evidence, type HandshakeEvidence, WireProblem } from "#lib/wire/evidence.ts";
import { SocketBreach } from "#lib/wire/inbound-limits.ts";
import { ServerRefusal } from "#lib/wire/request-tls.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { serverText } from "#lib/wire/server-text.ts";
import { chainFaults } from "./chain-faults.ts";
import { fixesFor } from "./fixes-for.ts";
import { handshakeProblem, type NodeError } from "./handshake-problem.ts";
import { materialProblem } from "./material-problem.ts";
import { notNow, serverProblem, unbindable } from "./server-problem.ts";

/**
 * Names what went wrong with an attempt. Pure: it reads the error and the evidence, and asks nobody.
 *
 * The order of trust: what the wire refused itself; the facts we own (the step, the certificates, whether TLS was
 * on, what was sent); then codes, routines and alert numbers; texts last, as they come in any language.
 */
export function diagnose(error: unknown, evidence: Evidence): Problem {
  const found = recognise(error, evidence);
  const made = problem(found.code, found.facts ?? {}, {
    fixes: fixesFor(found.code, evidence),
    also: found.also ?? [],
  });
  return { ...made, step: whereItShows(found.code, made.step, evidence.step) };
}

interface Found {
  readonly code: ProblemCode;
  readonly facts?: Facts;
  readonly also?: readonly ProblemCode[];
}

function recognise(error: unknown, evidence: Evidence): Found {
  if (error instanceof AttemptStopped) return stopped(error, evidence);
  if (error instanceof WireProblem) return error;
  if (error instanceof SocketBreach) return breached(error, evidence);
  if (error instanceof ServerRefusal) return refusedBeforeTls(error, evidence);
  const certificates = certificateProblem(evidence);
  if (certificates !== undefined) return certificates;
  if (!(error instanceof Error)) return { code: "unexpected", facts: { message: serverText(String(error)) } };
  const given: NodeError = error;
  if (isServerError(error)) return serverProblem(error, evidence);
  const material = materialProblem(given, evidence.profile);
  if (material !== undefined) return { code: material };
  return onStep(given, evidence);
}

/** These happen anywhere; all others have a step of their own. */
const codesOfAnyStep: ReadonlySet<ProblemCode> = new Set([
  "net-timeout",
  "net-reset",
  "net-closed",
  "net-unreachable",
  "net-not-postgres",
  "cancelled",
  "unexpected",
]);

function whereItShows(code: ProblemCode, usual: Problem["step"], now: StepName): Problem["step"] {
  if (code === "client-certificate-expired") return "handshake";
  return codesOfAnyStep.has(code) ? now : usual;
}

function stopped(error: AttemptStopped, evidence: Evidence): Found {
  if (error.why === "cancelled") return { code: "cancelled" };
  const reason = evidence.dialled !== null ? "answered" : evidence.step === "name" ? "name" : "silence";
  return { code: "net-timeout", facts: { ...whereTo(evidence), waitedMs: error.limitMs, reason } };
}

function whereTo({ profile, dialled, addresses }: Evidence): Facts {
  const provider = recogniseProvider(profile.host);
  return {
    host: profile.host,
    port: profile.port,
    address: dialled ?? addresses[0] ?? null,
    ...(provider === undefined ? {} : { provider: provider.name, ...firewallOf(provider) }),
  };
}

/** What lets addresses in there, and drops the packets of others (H5). */
function firewallOf(provider: Provider): Facts {
  const { firewall } = factsOf(provider);
  return firewall === undefined ? {} : { firewall };
}

/** A server that floods is none; one that asks for a sign-in we do not speak is. */
function breached(error: SocketBreach, evidence: Evidence): Found {
  const { method } = evidence.signIn;
  if (error.reason === "malformed" && (method === "gss" || method === "sspi" || method === "other"))
    return { code: "auth-method-refused", facts: { method } };
  return { code: "net-not-postgres", facts: { reason: error.reason, limit: error.limit } };
}

/** An error in place of the byte that was asked for. Servers before 7.4 do not know the request. */
function refusedBeforeTls(error: ServerRefusal, { profile }: Evidence): Found {
  const facts: Facts = {
    message: error.message,
    sqlstate: serverText(error.code),
    ...(error.detail === "" ? {} : { detail: error.detail }),
  };
  const known = recogniseError(error.message, recogniseProvider(profile.host));
  if (known !== undefined)
    return { code: known.phrase.code, facts: { ...facts, provider: known.provider.name } };
  // Before TLS, PostgreSQL of before 7.4 says so of the request itself; a proxy, of what it does without.
  if (/unsupported frontend protocol/i.test(error.message)) return { code: "tls-not-offered", facts };
  if (error.code === "0A000") return { code: "server-feature-unsupported", facts };
  if (error.code === "57P03") return { code: notNow(error).code, facts };
  if (error.code === "57P01" || error.code === "57P02") return { code: "server-shutting-down", facts };
  if (error.code === "53100") return { code: "server-disk-full", facts };
  if (error.code === "53200") return { code: "server-out-of-memory", facts };
  if (error.code.startsWith("53") || error.code === "" || error.code.startsWith("54"))
    return { code: "server-full", facts };
  return { code: error.code.startsWith("28") ? "auth-refused" : "unexpected", facts };
}

/** The first fault is the problem, the others are what the person would meet next. */
function certificateProblem(evidence: Evidence): Found | undefined {
  const { handshake, step } = evidence;
  if (handshake === null || (step !== "chain" && step !== "host-name")) return undefined;
  const [first, ...others] = chainFaults(evidence, handshake);
  if (first === undefined) return undefined;
  const provider = recogniseProvider(evidence.profile.host) ?? ofChain(handshake);
  const facts = provider === undefined ? first.facts : { ...first.facts, provider: provider.name };
  return { code: first.code, facts, also: [...new Set(others.map((fault) => fault.code))] };
}

/** Servers that are reached by address, or under a name of one's own, are known by who issued their certificate. */
function ofChain({ chain }: HandshakeEvidence): Provider | undefined {
  return recogniseIssuer(chain.map(({ issuer }) => issuer).join("\n"));
}

function onStep(error: NodeError, evidence: Evidence): Found {
  switch (evidence.step) {
    case "name":
      // getaddrinfo(3) and c-ares name their errors so; anything else is no answer of a resolver.
      return /^E(?!RR_)/.test(error.code ?? "") ? unresolved(error, evidence) : unexpected(error);
    case "address":
      return unanswered(error, evidence);
    case "tls-request":
      return dropped(error, evidence) ?? unexpected(error);
    default:
      // The driver's words for messages that PostgreSQL does not send then.
      if (/^received (invalid response|unexpected)/i.test(error.message))
        return { code: "net-not-postgres", facts: { reason: "malformed" } };
      return (
        signInByText(error, evidence) ??
        dropped(error, evidence) ??
        handshakeProblem(error, evidence) ??
        unexpected(error)
      );
  }
}

function unresolved(error: NodeError, { profile }: Evidence): Found {
  const facts = { host: profile.networkAddress || profile.host, reason: error.code ?? "" };
  const isTemporary = error.code === "EAI_AGAIN" || error.code === "ETIMEOUT" || error.code === "ESERVFAIL";
  return { code: isTemporary ? "net-name-temporary" : "net-name-unknown", facts };
}

/** Of several addresses, the one that came nearest to an answer tells most. */
function unanswered(error: NodeError, evidence: Evidence): Found {
  const codes = evidence.addressErrors.map((one) => one.code).concat(error.code ?? "");
  const told = addressCodes.find(([reason]) => codes.includes(reason));
  const errors = evidence.addressErrors.map(({ address, code }) => `${address} ${code}`);
  return {
    code: told?.[1] ?? "net-unreachable",
    facts: { ...whereTo(evidence), errors, reason: told?.[0] ?? error.code ?? "" },
  };
}

const addressCodes: readonly (readonly [string, ProblemCode])[] = [
  ["ECONNREFUSED", "net-refused"],
  ["ECONNRESET", "net-reset"],
  ["ETIMEDOUT", "net-timeout"],
  ["EHOSTUNREACH", "net-unreachable"],
  ["ENETUNREACH", "net-unreachable"],
];

function dropped(error: NodeError, evidence: Evidence): Found | undefined {
  const inHandshake = evidence.step === "handshake" || evidence.step === "chain";
  const isClosed = /terminated unexpectedly|Connection terminated/i.test(error.message);
  const isReset = error.code === "ECONNRESET" || error.code === "EPIPE" || error.code === "ECONNABORTED";
  if (inHandshake || !(isClosed || isReset)) return undefined;
  // In TLS 1.3 the server looks at our certificate after the handshake is over here, and its alert may be lost.
  const { handshake } = evidence;
  if (evidence.step === "sign-in" && handshake?.sentClientCertificate && evidence.signIn.method === null)
    return { code: "client-certificate-refused", facts: { protocol: handshake.protocol } };
  return { code: isReset ? "net-reset" : "net-closed", facts: whereTo(evidence) };
}

/** The driver's own words for what it refuses (pg 8.23, lib/crypto/sasl.js). */
function signInByText({ message }: NodeError, evidence: Evidence): Found | undefined {
  if (!message.startsWith("SASL")) return undefined;
  const method = evidence.signIn.method ?? "";
  if (/must be a (non-empty )?string/.test(message))
    return { code: "auth-password-missing", facts: { method } };
  if (/iteration count (\d+)/.test(message)) {
    const iterations = Number(/iteration count (\d+)/.exec(message)?.[1]);
    return { code: "auth-method-refused", facts: { method, reason: "scram-iterations", iterations } };
  }
  // lib/crypto/cert-signatures.js: before anything of the password has been sent.
  if (/channel binding/i.test(message)) {
    const found = unbindable(evidence);
    return { ...found, facts: { method, ...found.facts } };
  }
  if (/server signature does not match/.test(message))
    return { code: "auth-method-refused", facts: { method, reason: "server-not-proved" } };
  return { code: "auth-method-refused", facts: { method, reason: "malformed" } };
}

function unexpected(error: NodeError): Found {
  return { code: "unexpected", facts: { message: serverText(error.message), reason: error.code ?? "" } };
}
