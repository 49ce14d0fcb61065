import { type RawAnswer, rawRequest } from "#tests/support/raw-request.ts";

/** A browser, as far as the gates can tell: it keeps the session's cookie and sends what a page's own script would. */
export class Visitor {
  readonly url: string;
  cookie: string | undefined;

  constructor(url: string) {
    this.url = url;
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    return this.#ask(path, "GET", headers);
  }

  async post(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawAnswer> {
    const sent = { Origin: this.origin, "Content-Type": "application/json", ...headers };
    return this.#ask(path, "POST", sent, JSON.stringify(body));
  }

  async #ask(
    path: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<RawAnswer> {
    const cookie = this.cookie === undefined ? {} : { Cookie: this.cookie };
    const parts = { method, headers: { ...cookie, ...headers } };
    const answer = await rawRequest(
      new URL(path, this.url).href,
      body === undefined ? parts : { ...parts, body },
    );
    const set = answer.headers["set-cookie"]?.[0];
    if (set !== undefined) this.cookie = set.split(";")[0];
    return answer;
  }
}

/** The problem's code in a handler's answer. */
export function problemOf(answer: RawAnswer): string {
  return (JSON.parse(answer.text) as { problem: { code: string } }).problem.code;
}

export const ownerName = "Marguerite";
export const ownerPassword = "plum-tractor-oboe-9";
