import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { readSetupToken } from "#lib/team/setup-token.ts";
import { createSignInLink, takeSignInLink } from "#lib/team/sign-in-link.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { logOf, sessionsOf } from "./acts.ts";
import { alterations } from "./alter.ts";
import { chance } from "./chance.ts";
import { value } from "./expected.ts";
import { foldersBelow, type Place, storeKinds } from "./stores.ts";

/** What was seen of a file that was altered. */
type Sight =
  /** As it was written. */
  | { readonly as: "same" }
  /** A problem that has a name, or nothing where nothing is safe. */
  | { readonly as: "named"; readonly what: string }
  /** Something that was true once, of what is not guarded against that. */
  | { readonly as: "older" }
  /** Something that nobody wrote, or nothing where something was. */
  | { readonly as: "false"; readonly what: string };

interface Subject {
  /** Below the folder of the place. */
  readonly path: string;
  /** Looks at it as the console does. */
  look(place: Place, vault: Vault): Promise<Sight>;
}

/** Alters one file after the other and looks at each: says `fault <name>: <how>`, and counts at the end. */
export async function lookAtMutants(
  folder: string,
  seed: number,
  count: number,
  say: (line: string) => void,
): Promise<void> {
  const place = storeKinds.file.at(folder, { partBytes: 600 });
  const { vault, subjects, files, earlier, strange } = await makeSubjects(place, folder);
  const random = chance(seed);
  const below = (most: number) => Math.floor(random() * most);
  const ways = Object.entries(alterations);
  const counts = new Map<string, number>();
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const before = process.resourceUsage().maxRSS;
  let slowest = 0;

  for (let number = 0; number < count; ) {
    const subject = subjects[below(subjects.length)];
    const [way = "", alter] = ways[below(ways.length)] ?? [];
    const whole = subject && files.get(subject.path);
    if (subject === undefined || whole === undefined || alter === undefined) continue;
    const altered = alter(whole, { earlier: earlier.get(subject.path) ?? [], strange }, below);
    if (altered === undefined || altered.equals(whole)) continue;
    number += 1;
    const where = `${subject.path}, ${way}, number ${number} of seed ${seed}`;
    writeFileSync(join(folder, "last"), where);
    const path = join(folder, subject.path);
    writeFileSync(path, altered);
    const cpu = process.cpuUsage();
    const sight = await subject
      .look(place, vault)
      .catch((error: unknown): Sight => ({ as: "false", what: `thrown: ${error}` }));
    const { user, system } = process.cpuUsage(cpu);
    const ms = (user + system) / 1000;
    slowest = Math.max(slowest, ms);
    if (ms > 1000) say(`fault slow: ${where}: ${Math.round(ms)} ms`);
    add(sight.as);
    if (sight.as === "named") add(`named: ${sight.what}`);
    if (sight.as === "false") say(`fault false: ${where}: ${sight.what}`);
    // What is damaged stays as it is, until a person has decided.
    const isMemory = subject.path.startsWith("state/");
    if (!isMemory && !(existsSync(path) && readFileSync(path).equals(altered))) {
      say(`fault written over: ${where}`);
    }
    restore(folder, subject.path, files);
    if (number % 100 === 0) say(`at ${number}`);
  }
  const mb = Math.round((process.resourceUsage().maxRSS - before) / 1024);
  if (mb > 256) say(`fault large: ${mb} MB`);
  say(`counts ${JSON.stringify({ counts: Object.fromEntries(counts), slowest: Math.ceil(slowest), mb })}`);
}

/** The altered file, and what a look may have written. */
function restore(folder: string, path: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [name, bytes] of files) {
    if (name !== path && !name.startsWith("state/")) continue;
    const file = join(folder, name);
    if (name === path || !existsSync(file) || !readFileSync(file).equals(bytes)) {
      writeFileSync(file, bytes, { mode: 0o600 });
    }
  }
}

const noteSchema = z.strictObject({ title: z.string() });
const notesOf = (vault: Vault) => collection(vault, "note", noteSchema);

/** A vault with something of everything in it, and its files as they were on the way. */
async function makeSubjects(place: Place, folder: string) {
  const vault = value(await place.open());
  const earlier = new Map<string, Buffer[]>();
  const keep = () => {
    for (const [path, bytes] of filesOf(folder)) {
      const known = earlier.get(path) ?? [];
      if (known.at(-1)?.equals(bytes) !== true) earlier.set(path, [...known, bytes]);
    }
  };
  await fill(place, vault, keep);
  const token = await createSignInLink(place.store(), "ada");
  const files = filesOf(folder);

  const other = join(folder, "other");
  const strangeVault = value(await (await storeKinds.file.make(other)).open());
  value(await notesOf(strangeVault).create({ id: "n1", meta: { title: "strange" } }));
  value(await sessionsOf(strangeVault).write({ strange: true }));
  value(await strangeVault.notebook("person").append("e1", "strange"));
  value(await logOf(strangeVault).append({ text: "strange" }));
  const strange = [...filesOf(other).values(), ...files.values()];
  rmSync(other, { recursive: true });

  const subjects = await subjectsOf(vault, files, token);
  return { vault, subjects, files, earlier, strange };
}

async function fill(place: Place, vault: Vault, keep: () => void): Promise<void> {
  const notes = notesOf(vault);
  for (let round = 1; round <= 4; round += 1) {
    const secrets = { password: new Secret(`secret ${round}`) };
    value(await notes.create({ id: `n${round}`, meta: { title: `title ${round}` }, secrets }));
    value(await sessionsOf(vault).write({ round }));
    for (const name of ["removed", "moves", "last-seen"]) {
      value(await vault.document(name, { guarded: name === "removed" }).write({ name, round }));
    }
    for (const owner of ["person", "last-seen", "history-person"]) {
      value(await vault.notebook(owner).append(`e${round % 3}`, `${owner} ${round}`));
    }
    for (let line = 1; line <= 3; line += 1) value(await logOf(vault).append({ text: `${round} ${line}` }));
    await place
      .store()
      .note("setup-token")
      .write(`${"abcdefgh".repeat(4)}\n`);
    keep();
  }
}

function filesOf(folder: string): Map<string, Buffer> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" });
  return new Map(
    found
      .filter((entry) => entry.isFile() && entry.name !== "last")
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path)]),
  );
}

async function subjectsOf(
  vault: Vault,
  files: ReadonlyMap<string, Buffer>,
  token: string,
): Promise<readonly Subject[]> {
  const records = await recordsIn(vault);
  const lines = await linesOf(vault);
  const looks: readonly (readonly [RegExp, (name: string) => Promise<Subject["look"]>])[] = [
    [/^config\/config\.json$/, async () => (at) => recordsSeen(at, records)],
    [/^state\/vault\.key$/, async () => (at) => recordsSeen(at, records)],
    [/^state\/highest-revision\.json$/, async () => (at) => recordsSeen(at, records)],
    [/^config\/backups\//, async (path) => (at) => backupSeen(at, files, path)],
    [/^config\/sessions\.json$|^state\/sessions-head/, async () => documentSeen(vault, "sessions", true)],
    [/^config\/removed\.json$|^state\/removed-head/, async () => documentSeen(vault, "removed", true)],
    [/^config\/([a-z-]+)\.json$/, async (path) => documentSeen(vault, nameOf(path), false)],
    [/^config\/notebook\//, async (path) => notebookSeen(vault, nameOf(path))],
    [/^config\/audit|^state\/audit-head/, async () => (_, now) => linesSeen(now, lines)],
    [/^state\/setup-token$/, async () => (at) => tokenSeen(at)],
    [/^state\/sign-in-link\.json$/, async () => (at) => linkSeen(at, token)],
  ];
  const subjects: Subject[] = [];
  for (const path of files.keys()) {
    const make = looks.find(([form]) => form.test(path))?.[1];
    if (make === undefined) throw new RangeError(`nobody looks at ${path}`);
    subjects.push({ path, look: await make(path) });
  }
  return subjects;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.jsonl?$/, "");
}

async function recordsIn(vault: Vault): Promise<string> {
  const notes = notesOf(vault);
  const seen: unknown[] = [];
  for (const { id } of value(await notes.list())) {
    const open = value(await notes.open(id));
    seen.push([id, open?.rev, open?.meta, open?.secrets.password?.reveal()]);
  }
  return JSON.stringify([seen, value(await notes.damaged())]);
}

async function recordsSeen(place: Place, records: string): Promise<Sight> {
  const vault = await place.open();
  if (!vault.ok) return { as: "named", what: vault.problem.code };
  const seen = await recordsIn(vault.value);
  return seen === records ? { as: "same" } : { as: "false", what: seen };
}

/** The file gone as well: which backup is offered then must be one. */
async function backupSeen(place: Place, files: ReadonlyMap<string, Buffer>, path: string): Promise<Sight> {
  const { configDir } = foldersBelow(place.given);
  const config = join(configDir, "config.json");
  rmSync(config);
  try {
    const vault = await place.open();
    if (vault.ok) return { as: "false", what: "a vault where none is" };
    const { backup } = vault.problem.facts;
    if (typeof backup !== "string") return { as: "named", what: vault.problem.code };
    const name = backup.slice(place.given.length + 1);
    const plain = (bytes: Buffer | undefined) => bytes?.toString("latin1").replace(/\s/g, "");
    if (plain(readFileSync(backup)) !== plain(files.get(name)))
      return { as: "false", what: `${name} is offered` };
    return name === path ? { as: "same" } : { as: "named", what: "another backup is offered" };
  } finally {
    writeFileSync(config, files.get("config/config.json") ?? "", { mode: 0o600 });
  }
}

async function documentSeen(vault: Vault, name: string, guarded: boolean): Promise<Subject["look"]> {
  const read = (from: Vault) => from.document(name, { guarded }).read();
  const whole = JSON.stringify(value(await read(vault)));
  return async (_, now) => {
    const seen: Result<unknown> = await read(now);
    if (!seen.ok) return { as: "named", what: seen.problem.code };
    const text = JSON.stringify(seen.value);
    if (text === whole) return { as: "same" };
    const isOlder =
      !guarded && /^\{"name":"[a-z-]+","round":[1-4]\}$/.test(text ?? "") && text.includes(`"${name}"`);
    return isOlder ? { as: "older" } : { as: "false", what: String(text) };
  };
}

async function notebookSeen(vault: Vault, owner: string): Promise<Subject["look"]> {
  const entriesIn = async (from: Vault) => {
    const entries: string[] = [];
    const read = await from.notebook(owner).each(({ id, value: entry }) => entries.push(`${id}: ${entry}`));
    return { entries, read };
  };
  const whole = (await entriesIn(vault)).entries.join();
  return async (_, now) => {
    const { entries, read } = await entriesIn(now);
    if (!read.ok) return { as: "named", what: read.problem.code };
    const wrong = entries.find((entry) => !isWritten(owner, entry));
    if (wrong !== undefined) return { as: "false", what: wrong };
    if (entries.join() === whole) return { as: "same" };
    return read.value.broken > 0 ? { as: "named", what: "lines of a notebook do not open" } : { as: "older" };
  };
}

function isWritten(owner: string, entry: string): boolean {
  return [1, 2, 3, 4].some((round) => entry === `e${round % 3}: ${owner} ${round}`);
}

async function linesOf(vault: Vault): Promise<string> {
  const lines: unknown[] = [];
  value(await logOf(vault).each(({ seq, text }) => lines.push([seq, text])));
  return JSON.stringify(lines);
}

async function linesSeen(vault: Vault, lines: string): Promise<Sight> {
  const chain = await logOf(vault).check();
  if (!chain.ok) return { as: "named", what: chain.problem.code };
  if (chain.value.state !== "whole") return { as: "named", what: `log ${chain.value.state}` };
  const seen = await linesOf(vault);
  return seen === lines ? { as: "same" } : { as: "false", what: seen };
}

/** In clear, and good for whoever runs the console: another one of the same form is another token. */
async function tokenSeen(place: Place): Promise<Sight> {
  const token = (await readSetupToken(place.store()))?.reveal();
  if (token === undefined) return { as: "named", what: "no token" };
  if (!/^[a-z2-7]{32}$/.test(token)) return { as: "false", what: token };
  return token === "abcdefgh".repeat(4) ? { as: "same" } : { as: "named", what: "another token" };
}

async function linkSeen(place: Place, token: string): Promise<Sight> {
  // Whether it was used is another file's matter.
  const spentTokens = { spend: async () => ok(true) };
  const taken = await takeSignInLink({ store: place.store(), spentTokens }, new Secret(token));
  const user = value(taken);
  if (user === undefined) return { as: "named", what: "no link" };
  return user === "ada" ? { as: "same" } : { as: "named", what: "another name" };
}
