import { ok } from "#lib/problems/result.ts";
import type { Found } from "./settings-map.ts";

// No host has a blank or an equals sign; a keyword string may hold an IPv6 address.
const line = /^(?:[^:\\\s=]|\\.){1,255}:(?:\d{1,5}|\*):(?:[^:\\\n]|\\.){1,255}:(?:[^:\\\n]|\\.){1,255}:.+$/;

/** Whether every line is one of a `.pgpass`: `host:port:database:user:password`. */
export function isPgpass(text: string): boolean {
  const lines = linesOf(text);
  return lines.length > 0 && lines.every((one) => line.test(one));
}

/** Reads the lines of a `.pgpass` (libpq's manual, "The Password File"). What a `*` leaves open is left open. */
export function readPgpass(text: string): readonly Found[] {
  return linesOf(text).map((one) => {
    const [host = "", port = "", dbname = "", user = "", ...rest] = fieldsOf(one);
    const given = { host, port, dbname, user, password: rest.join(":") };
    const parameters = new Map(
      Object.entries(given).filter(([name, value]) => value !== "*" || name === "password"),
    );
    const name = host === "*" ? user : `${user === "*" ? "" : `${user}@`}${host}`;
    return { name, read: ok({ form: "pgpass" as const, name, parameters }) };
  });
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n", 400)
    .map((one) => one.replace(/\r$/, ""))
    .filter((one) => one.trim() !== "" && !one.startsWith("#"))
    .slice(0, 200);
}

/** The fields, `\:` and `\\` undone; the password is all that is left. */
function fieldsOf(text: string): readonly string[] {
  const fields = [""];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === ":" && fields.length < 5) {
      fields.push("");
      continue;
    }
    const escaped = letter === "\\" && at + 1 < text.length;
    if (escaped) at += 1;
    fields[fields.length - 1] += escaped ? text.charAt(at) : letter;
  }
  return fields;
}
