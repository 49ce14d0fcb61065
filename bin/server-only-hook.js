/** Outside a bundler the marker package `server-only` throws; here everything is the server. */
export async function resolve(specifier, context, next) {
  if (specifier === "server-only") return { shortCircuit: true, url: "data:text/javascript," };
  return next(specifier, context);
}
