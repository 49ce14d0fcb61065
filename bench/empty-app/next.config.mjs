import { join } from "node:path";

/** @type {import("next").NextConfig} */
export default { distDir: "../../.next-empty", turbopack: { root: join(import.meta.dirname, "../..") } };
