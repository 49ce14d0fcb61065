import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import { ask } from "./ask.js";
import { buildFolder, ensureBuild } from "./ensure-build.js";
import { takeBuiltConfig, withoutConfigReport } from "./next-internals.js";
import { refuseExpectation, refuseOdd, refuseUnreadable, refuseUpgrade } from "./odd-requests.js";
import { quietDepartures } from "./quiet-departures.js";
import { root } from "./root.js";
import { say } from "./say.js";
import { setupLink } from "./setup-link.js";
import { word } from "./words.js";

/**
 * `cloak-db start`: the console, in this process.
 * @param {string[]} args after the command's name
 * @returns {Promise<number>} the exit code; 0 also means that the server runs now
 */
export async function start(args) {
  const options = readOptions(args);
  if (typeof options === "number") return options;
  const { host, port, report } = options;
  endEarly(report);

  const trouble = await tryPort(host, port);
  if (trouble) return refuse(trouble, options);

  process.env.NODE_ENV = "production";
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  scrubPostgresVariables();
  if (!(await ensureBuild(say))) return 1;

  // Node's own answer to a request without a host would be a bare one; ours is in `refuseOdd`.
  const server = createServer({ requireHostHeader: false });
  const handler = whenReady();
  globalThis[Symbol.for("cloak-db.built-files")] = { files: path.join(buildFolder, "static") };
  server.on("upgrade", refuseUpgrade);
  server.on("checkExpectation", refuseExpectation);
  server.on("clientError", refuseUnreadable);
  const socketHeader = nameSocketHeader();
  server.on("request", (request, response) => {
    if (refuseOdd(request, response) || refuseLate(response)) return;
    request.headers[socketHeader] = request.socket.remoteAddress ?? "";
    const work = takeInFront(request, response) ?? handler.then((handle) => handle(request, response));
    work.catch(() => response.destroy());
  });
  const listening = await listen(server, host, port);
  if (listening !== undefined) return refuse(listening, options);
  const actualPort = server.address().port;

  quietDepartures();
  // Whoever started this one and is told over the channel prints what there is to print.
  const link = report ? undefined : setupLink(say);
  const app = await prepare(host, actualPort, server);
  stopInOrder(server, app, report);
  handler.open(app.getRequestHandler());

  // One own request: it warms the server up and lets it write the setup token before the link is printed.
  const url = addressOf(host, actualPort);
  await ask(`${url}/api/health`);
  // app/_server/start-console.ts leaves this here: two consoles on one folder would end each other's sessions.
  const inUse = globalThis[Symbol.for("cloak-db.in-use")];
  if (inUse !== undefined) {
    complain(word("start.inUse", { holder: inUse.holder }));
    process.exit(1);
  }
  if (report) process.send({ type: "ready", url });
  else say(word("start.ready", { url }));
  link?.ready(url);
  if (!report) warmUp(url);
  return 0;
}

/**
 * Loads what the first test of a connection needs, so that nobody waits for it: a stranger's look at the form ends at the
 * login, but only once the page is there. Behind the first answers, before memory is given back.
 */
function warmUp(url) {
  setTimeout(() => ask(`${url}/connections/new`), 300).unref();
}

/** Where a browser on this machine finds the console. */
function addressOf(host, port) {
  const name = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function complain(line) {
  process.stderr.write(`${line}\n`);
}

function readOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string", short: "p", default: "3000" },
        help: { type: "boolean", short: "h", default: false },
        // For a program that started this one: it is told over the channel between the two, and nothing is printed.
        report: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    complain(`${usageProblem(error)}\n\n${word("help.start")}`);
    return 2;
  }
  if (values.help) {
    say(word("help.start"));
    return 0;
  }
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65535) {
    complain(word("usage.port", { port: values.port }));
    return 2;
  }
  if (values.host === "") {
    complain(word("usage.host"));
    return 2;
  }
  const report = values.report && process.send !== undefined;
  return { host: values.host, port: Number(values.port), report };
}

/** Node's own sentences are English only; what they quote is what we need. */
function usageProblem(error) {
  // Of "-p, --port <value>" the long name.
  const quoted = /'([^']*?)(?: <.*?)?'/.exec(error.message)?.[1]?.split(", ").at(-1) ?? "";
  if (error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return word("usage.unknownOption", { option: quoted });
  if (error.code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") {
    const key = error.message.includes("does not take")
      ? "usage.optionTakesNoValue"
      : "usage.optionNeedsValue";
    return word(key, { option: quoted });
  }
  if (error.code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL") {
    return word("usage.unexpectedArgument", { argument: quoted });
  }
  throw error;
}

/** The error code that listening there gives; undefined when it can be done. */
function tryPort(host, port) {
  return new Promise((resolve) => {
    const probe = createSocketServer();
    probe.once("error", (error) => resolve(error.code));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

async function refuse(code, { host, port, report }) {
  if (code === "EADDRINUSE") {
    const next = await nextFreePort(host, port);
    if (report) await new Promise((sent) => process.send({ type: "port-taken", next }, sent));
    else complain(word("start.portTaken", { host, port, next }));
  } else if (code === "EACCES") complain(word("start.portForbidden", { host, port }));
  else if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") complain(word("start.hostUnknown", { host }));
  else complain(word("start.cannotListen", { host, port, code }));
  return 1;
}

async function nextFreePort(host, port) {
  for (let next = port + 1; next <= 65535; next += 1) {
    if ((await tryPort(host, next)) === undefined) return next;
  }
  return null;
}

/** Only the command line honours the PG* variables: the driver would send them to whatever server is chosen. */
function scrubPostgresVariables() {
  for (const name of Object.keys(process.env)) {
    if (/^PG[A-Z]/i.test(name)) delete process.env[name];
  }
}

/**
 * The header in which this process tells itself where a request came from: `app/_server/request-origin.ts` looks here for
 * its name, which is new at each start, so that no client can send it.
 */
function nameSocketHeader() {
  const name = `x-cloak-db-socket-${randomBytes(16).toString("hex")}`;
  globalThis[Symbol.for("cloak-db.socket-header")] = { name };
  return name;
}

/**
 * A few handlers, and the files of the build, are answered in front of the framework, which would cost them too much: what
 * `app/_server/front-door.ts` has been told of.
 * @returns undefined for every other request
 */
function takeInFront(request, response) {
  return globalThis[Symbol.for("cloak-db.front-door")]?.take(request, response);
}

/** Requests that come early wait here. */
function whenReady() {
  let open;
  const promise = new Promise((resolve) => {
    open = resolve;
  });
  return Object.assign(promise, { open });
}

function listen(server, host, port) {
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(error.code));
    server.listen(port, host, () => resolve(undefined));
  });
}

async function prepare(hostname, port, httpServer) {
  takeBuiltConfig(buildFolder);
  process.env.PORT = String(port);
  const { default: next } = await import("next");
  const app = next({ dev: false, dir: root, hostname, port, httpServer, quiet: true });
  await withoutConfigReport(() => app.prepare());
  return app;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Until the server runs there is nothing to end in order; the build that may be under way goes with this process. */
function endEarly(withParent) {
  for (const signal of signals) process.on(signal, endAtOnce);
  if (withParent) process.on("disconnect", endAtOnce);
}

let stopping = false;

/** Nothing new is begun once the end has. */
function refuseLate(response) {
  if (!stopping) return false;
  response.writeHead(503, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    Connection: "close",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Retry-After": "10",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(JSON.stringify({ problem: { code: "console-stopping", facts: {}, fixes: [], also: [] } }));
  return true;
}

function endAtOnce() {
  process.exit(1);
}

/**
 * On a signal, or when the program that started this one has gone: no new work, what runs is cancelled and has nine
 * seconds to say so, then the end. A second signal ends it at once.
 */
function stopInOrder(server, app, withParent) {
  let since;
  const stop = async () => {
    // npm passes a signal on that the terminal has already given us: only a later one is a second one.
    if (since !== undefined && performance.now() - since > 1000) process.exit(1);
    if (since !== undefined) return;
    since = performance.now();
    stopping = true;
    setTimeout(() => process.exit(0), 9000).unref();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    // app/_server/stop-console.ts: statements are cancelled on their servers, and whoever waits for them is told.
    await globalThis[Symbol.for("cloak-db.stop")]?.run();
    // A connection that was kept open is idle as soon as its last answer is out.
    const idle = setInterval(() => server.closeIdleConnections(), 100);
    await closed;
    clearInterval(idle);
    await app.close();
    process.exit(0);
  };
  for (const signal of signals) process.off(signal, endAtOnce).on(signal, stop);
  if (withParent) process.off("disconnect", endAtOnce).on("disconnect", stop);
}
