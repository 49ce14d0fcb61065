/**
 * Keeps out of the log what Next prints when a browser leaves in the middle of its request: a stack of Node's own for
 * each, which is nobody's mistake and tells nothing. Next gives no way to be asked before it prints.
 */
export function quietDepartures() {
  const { error } = console;
  console.error = (...args) => {
    if (!args.some(isDeparture)) error(...args);
  };
}

/** Node's error for a request whose socket was closed before its end (http: abortIncoming). */
function isDeparture(value) {
  return value instanceof Error && value.message === "aborted" && value.code === "ECONNRESET";
}
