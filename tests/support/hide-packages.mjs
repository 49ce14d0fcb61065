/**
 * Hides installed packages from a process, as if they had been left out: `NODE_OPTIONS=--import=<this file>`, with
 * their names in `HIDDEN_PACKAGES`, separated by commas.
 */
import Module, { register } from "node:module";

const hidden = (process.env.HIDDEN_PACKAGES ?? "").split(",");
const isHidden = (specifier) => hidden.some((name) => specifier === name || specifier.startsWith(`${name}/`));

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (isHidden(request)) {
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: "MODULE_NOT_FOUND" });
  }
  return resolveFilename.call(this, request, ...rest);
};

const hooks = `
  const hidden = ${JSON.stringify(hidden)};
  export async function resolve(specifier, context, next) {
    if (hidden.some((name) => specifier === name || specifier.startsWith(name + "/"))) {
      throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: "ERR_MODULE_NOT_FOUND" });
    }
    return next(specifier, context);
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
