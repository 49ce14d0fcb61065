import "server-only";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";

/**
 * Takes lists of hosts, addresses and ports apart (libpq's manual, "Specifying Multiple Hosts"): one set of
 * parameters for each host, in order. One port serves all; an empty place means the usual value.
 * @returns `setting-invalid` { parameter, reason: "count" } when the lists do not go together
 */
export function eachHost(
  parameters: ReadonlyMap<string, string>,
): Result<readonly [ReadonlyMap<string, string>, ...ReadonlyMap<string, string>[]]> {
  const hosts = listOf(parameters, "host");
  const addresses = listOf(parameters, "hostaddr");
  const ports = listOf(parameters, "port");
  const count = Math.max(1, addresses.length > 0 ? addresses.length : hosts.length);
  if (hosts.length > 0 && hosts.length !== count) return failed(wrongCount("host"));
  if (ports.length > 1 && ports.length !== count) return failed(wrongCount("port"));
  const one = (index: number) => {
    const own = new Map(parameters);
    put(own, "host", hosts[index]);
    put(own, "hostaddr", addresses[index]);
    put(own, "port", ports.length > 1 ? ports[index] : ports[0]);
    return own;
  };
  return ok([one(0), ...Array.from({ length: count - 1 }, (_none, index) => one(index + 1))]);
}

function listOf(parameters: ReadonlyMap<string, string>, name: string): readonly string[] {
  const text = parameters.get(name) ?? "";
  return text === "" ? [] : text.split(",");
}

function put(parameters: Map<string, string>, name: string, value: string | undefined): void {
  if (value === undefined || value === "") parameters.delete(name);
  else parameters.set(name, value);
}

function wrongCount(parameter: string): Problem {
  return problem("setting-invalid", { parameter, reason: "count" });
}
