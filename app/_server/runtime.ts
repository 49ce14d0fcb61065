import "server-only";

/** Whether this is `next dev`. Next replaces the expression when it compiles. */
export const isDevelopment = process.env.NODE_ENV === "development";
