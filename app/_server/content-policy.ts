import "server-only";

/**
 * The Content-Security-Policy of one answer: only scripts that carry its nonce run, and those they load. Trusted
 * Types leave no way to make HTML or scripts from text but the two policies of Next.js itself, and our own default one
 * (`instrumentation-client.ts`), which lets through chunks of this build alone.
 *
 * @param nonce fresh for each request, base64
 * @param development `next dev` needs `eval` (React rebuilds server stacks with it) and styles without nonce
 */
export function contentPolicy(nonce: string, development: boolean): string {
  const directives: Readonly<Record<string, string>> = {
    "default-src": "'none'",
    "script-src": `'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "style-src": development ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`,
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    ...(!development && {
      "require-trusted-types-for": "'script'",
      "trusted-types": "nextjs nextjs#bundler default",
    }),
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/** The policy of a file of the build, which is no page: a browser that opens it by itself loads nothing for it. */
export const filePolicy = "default-src 'none'; frame-ancestors 'none'";
