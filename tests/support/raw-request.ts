import { request } from "node:http";

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

interface Parts {
  readonly method?: string;
  /** What stands in the request's first line instead of the URL's path. */
  readonly target?: string;
  /** Sent as they are, `Host` included; a fetch would not let one set it. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One HTTP request, exactly as given: nothing is added, no redirect is followed. */
export function rawRequest(
  url: string,
  { method = "GET", target, headers = {}, body }: Parts = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers, agent: false, ...(target && { path: target }) },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => {
          text += part;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
        answer.on("error", reject);
      },
    );
    sent.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: "" });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
