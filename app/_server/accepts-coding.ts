import "server-only";

/**
 * Whether a request takes an answer in this coding: it names it, without a weight of nought (RFC 9110, 12.5.3).
 * @param accepted its `Accept-Encoding`
 */
export function acceptsCoding(coding: string, accepted: string | null): boolean {
  return (accepted ?? "").split(",").some((part) => {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    return name === coding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
