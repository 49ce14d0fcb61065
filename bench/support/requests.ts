import { Agent, request as httpRequest } from "node:http";
import { randomId } from "#lib/random-id.ts";
import type { SeededConsole } from "./seeded-console.ts";

const agent = new Agent({ keepAlive: true, maxSockets: 200 });

/** To be called when the last answer is there: connections that are kept would keep the process. */
export function closeRequests(): void {
  agent.destroy();
}

/** One request on a connection that is kept for the next. @returns the body, whatever the status */
export function send(
  { url }: Pick<SeededConsole, "url">,
  method: string,
  path: string,
  body = "",
  headers: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = body === "" ? {} : { "Content-Length": Buffer.byteLength(body) };
    const request = httpRequest(
      `${url}${path}`,
      { agent, method, headers: { Origin: url, ...headers, ...length } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => resolve(Buffer.concat(parts).toString()));
        answer.on("error", reject);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

export interface Tab {
  readonly id: string;
  readonly lease: string;
  readonly name: string;
}

const tabs = new Map<number, Tab>();

/** The tab of a lane: whoever runs one statement after another does it in one. */
export function tabOf(lane: number): Tab {
  const found = tabs.get(lane) ?? { id: randomId(), lease: randomId(), name: `SQL ${lane}` };
  tabs.set(lane, found);
  return found;
}

/** Runs a statement as the page does. @throws where it does not end well */
export async function run(
  console_: SeededConsole,
  cookie: string,
  id: string,
  sql: string,
  { rowCap, tab = tabOf(0) }: { readonly rowCap?: number; readonly tab?: Tab } = {},
): Promise<string> {
  const body = { sql, readOnly: false, runId: randomId(), tab, rev: 1, rowCap };
  const answer = await send(console_, "POST", `/api/connections/${id}/run`, JSON.stringify(body), {
    "Content-Type": "application/json",
    Cookie: cookie,
  });
  if (!answer.includes('"done"')) throw new Error(answer.slice(0, 300));
  return answer;
}

export async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const begun = performance.now();
  const value = await work();
  return { ms: performance.now() - begun, value };
}

export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
