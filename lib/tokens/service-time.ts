import "server-only";
import { hostAwsEndpoint } from "#lib/env.ts";

/**
 * What time it is by Amazon's clock, to tell a refused token from a clock of ours that is off. Asked after a refusal
 * only; nothing but the question itself is sent. It goes to the region's STS, or where the host's own settings say.
 * @returns null when there is no answer in two seconds
 */
export async function awsServiceTime(region: string, signal?: AbortSignal): Promise<Date | null> {
  const url = hostAwsEndpoint("STS") ?? `https://sts.${region}.${domainOf(region)}/`;
  const stop = AbortSignal.timeout(2000);
  try {
    const answer = await fetch(url, {
      method: "HEAD",
      redirect: "manual",
      signal: signal === undefined ? stop : AbortSignal.any([stop, signal]),
    });
    const time = Date.parse(answer.headers.get("date") ?? "");
    return Number.isNaN(time) ? null : new Date(time);
  } catch {
    return null;
  }
}

/** Amazon's partitions have domains of their own. */
function domainOf(region: string): string {
  if (region.startsWith("cn-")) return "amazonaws.com.cn";
  return region.startsWith("eusc-") ? "amazonaws.eu" : "amazonaws.com";
}
