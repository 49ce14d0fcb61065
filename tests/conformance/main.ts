import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { tryTarget } from "#lib/cli/check.ts";
import { readTarget } from "#lib/cli/target.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed } from "#lib/problems/result.ts";
import { freePort } from "#lib/samples/free-port.ts";
import { layPostgresPrograms } from "#lib/samples/postgres-programs.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { isUri } from "#lib/strings/libpq/uri.ts";
import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";
import { writeUri } from "#lib/strings/libpq/write-uri.ts";
import { differenceOf } from "./differences.ts";
import { generatedGroups } from "./generated.ts";
import { type Libpq, type LibpqAnswer, libpq18, type Verdict } from "./libpq.ts";
import { type Material, makeMaterial } from "./material.ts";
import { type Group, matrix, type Row } from "./matrix.ts";

const recordFile = path.join(import.meta.dirname, "libpq-verdicts.json");
const atATime = 4;
const startedAt = performance.now();
const isRecording = process.argv.includes("--record");
const isOffline = process.argv.includes("--recorded");
const wanted = optionOf("--only");
const seed = Number(optionOf("--seed") ?? 18);
const perServer = Number(optionOf("--generate") ?? 80);
const isVerbose = process.argv.includes("--verbose");

function optionOf(name: string): string | undefined {
  return process.argv.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** By group, then by row. */
type Verdicts = Readonly<Record<string, Readonly<Record<string, Verdict>>>>;

interface Compared {
  readonly group: string;
  readonly row: string;
  readonly ours: Verdict;
  readonly code: string | null;
  readonly libpq: LibpqAnswer;
  readonly difference: string | undefined;
}

async function run(): Promise<number> {
  const material = await makeMaterial(folder);
  const programs = await layPostgresPrograms(path.join(folder, "programs"));
  const live = isOffline ? undefined : libpq18(programs.env);
  const recorded = JSON.parse(readFileSync(recordFile, "utf8")) as Verdicts;
  if (isRecording && live === undefined) throw new Error("There is no psql here to record from.");
  console.log(
    live === undefined
      ? "libpq 18: not asked (no psql here, or --recorded); its verdicts as recorded in tests/conformance/libpq-verdicts.json"
      : "libpq 18: by this machine's psql, with the library of the sample servers",
  );
  server = await startPostgres({
    hba: ["host all all all trust"],
    users: [{ name: "app", password: "right" }],
  });
  await server.admin(
    `set password_encryption = 'md5'; create role old login password 'right';
     reset password_encryption; create role kept login password 'kept';
     set scram_iterations = 2000000; create role slow login password 'right'`,
  );
  if (!server.ipv6) console.log("There is no ::1 here: the rows that dial it are left out.");
  const places = new Map([
    ...material.files,
    ["port", String(server.port)],
    ["shut", String(await freePort(["127.0.0.1", "::1"]))],
  ]);
  layHome(places, material);

  const all: Compared[] = [];
  const groups = [...matrix([...material.servers.keys()]), ...generatedGroups(seed, live ? perServer : 80)];
  for (const group of groups.filter(({ id }) => wanted === undefined || id.includes(wanted))) {
    const began = performance.now();
    all.push(...(await compareGroup(server, group, material, places, live, recorded)));
    if (isVerbose)
      console.log(`${group.id}: ${group.rows.length} rows, ${rounded(performance.now() - began)} ms`);
  }
  if (isRecording) writeRecord(all);
  return report(all);
}

async function compareGroup(
  to: SampleServer,
  group: Group,
  { servers, clientCa }: Material,
  places: ReadonlyMap<string, string>,
  live: Libpq | undefined,
  recorded: Verdicts,
): Promise<Compared[]> {
  const certificate = group.certificate === undefined ? undefined : servers.get(group.certificate);
  const { hba } = group;
  // `change` keeps what is not named; the next group starts from nothing.
  await to.change({
    ...({ certificate, ca: group.asksForCertificate ? clientCa : undefined } as object),
    hba,
    settings: group.settings ?? {},
  });
  const seen = new Set<string>();
  const rows = group.rows.filter((row) => {
    // Where there is no ::1, nothing can be said about it.
    if (!to.ipv6 && /::1/.test(`${row.host} ${row.hostaddr}`)) return false;
    return !seen.has(idOf(row)) && seen.add(idOf(row));
  });
  return inParallel(rows, async (row, index) => {
    const text = stringOf(row, places, index);
    const [{ verdict: ours, code }, libpq] = await Promise.all([
      oursOf(text, index),
      live?.verdict(text) ?? recordedAnswer(recorded, group, row),
    ]);
    const agrees = ours === libpq.verdict;
    const difference = agrees
      ? undefined
      : differenceOf({ group, row, ours, code, libpq: libpq.verdict })?.id;
    return { group: group.id, row: idOf(row), ours, code, libpq, difference };
  });
}

function recordedAnswer(recorded: Verdicts, group: Group, row: Row): LibpqAnswer {
  const verdict = recorded[group.id]?.[idOf(row)];
  if (verdict === undefined) throw new Error(`No verdict is recorded for: ${group.id} | ${idOf(row)}`);
  return { verdict, words: "(recorded)" };
}

async function oursOf(text: string, number: number): Promise<{ verdict: Verdict; code: string | null }> {
  const nothingSaved = { find: async (name: string) => failed(problem("not-found", { name })) };
  const { report } = await tryTarget(await readTarget(text, number, nothingSaved));
  if (report.problem !== null) return { verdict: "refused", code: report.problem.code };
  return { verdict: report.tls === null ? "plaintext" : "tls", code: null };
}

const usual: Row = { port: "{port}", user: "app", dbname: "postgres", connect_timeout: "20" };

function idOf(row: Row): string {
  return writeKeywords(new Map(Object.entries(row)));
}

/** Every third string is a URI, where a URI can say the same. */
function stringOf(row: Row, places: ReadonlyMap<string, string>, index: number): string {
  const filled = Object.entries({ ...(row.service ? {} : usual), ...row }).map(
    ([name, value]): [string, string] => [
      name,
      value.replace(/\{([\w-]+)\}/g, (_all, place: string) => {
        const found = places.get(place);
        if (found === undefined) throw new Error(`Nothing is called ${place}`);
        return found;
      }),
    ],
  );
  const parameters = new Map(filled);
  const mayBeUri = filled.every(([, value]) => value !== "" && !/[, ]/.test(value));
  const text = index % 3 === 0 && mayBeUri ? writeUri(parameters) : "";
  return isUri(text) ? text : writeKeywords(parameters);
}

function layHome(places: Map<string, string>, material: Material): void {
  const put = (file: string, text: string, mode = 0o600) => {
    writeFileSync(file, text);
    chmodSync(file, mode);
  };
  const port = places.get("port") ?? "";
  const rootFile = places.get("root") ?? "";
  put(path.join(homedir(), "system.crt"), readFileSync(places.get("both") ?? "", "utf8"));
  put(path.join(homedir(), ".pgpass"), `# kept\ndb.tls.test:${port}:*:kept:kept\nlocalhost:*:*:kept:wrong\n`);
  places.set("passfile", path.join(folder, "passfile"));
  places.set("open-passfile", path.join(folder, "open-passfile"));
  const lines = `wrong.test:*:*:*:wrong\n127.0.0.1:*:*:app:right\ndb.tls.test:${port}:postgres:app:right\n`;
  put(path.join(folder, "passfile"), lines);
  put(path.join(folder, "open-passfile"), lines, 0o644);
  const whole = `host=db.tls.test\nhostaddr=127.0.0.1\nport=${port}\nuser=app\npassword=right\ndbname=postgres\n`;
  put(
    path.join(homedir(), ".pg_service.conf"),
    `# services\n\n[whole]\n${whole}sslmode=require\n\n[strict]\n${whole}sslmode=verify-full\nsslrootcert=${rootFile}
[nested]\nservice=whole\n[unknown-word]\n${whole}colour=red\n[no-equals]\n${whole}sslmode\n[without-host]\npassword=right\n`,
  );
  const folders: Readonly<Record<string, readonly string[]>> = {
    "crl-folder": ["root-crl-only", "clean-mid-crl"],
    "revoking-folder": ["root-crl-only", "mid-crl-only"],
  };
  for (const [name, lists] of Object.entries(folders)) {
    const made = path.join(folder, name);
    mkdirSync(made);
    lists.forEach((list) => {
      const text = readFileSync(places.get(list) ?? "", "utf8");
      const hash = list === "root-crl-only" ? material.hashes.root : material.hashes.mid;
      writeFileSync(path.join(made, `${hash}.r0`), text);
    });
    places.set(name, made);
  }
  const unhashed = path.join(folder, "unhashed-folder");
  mkdirSync(unhashed);
  writeFileSync(path.join(unhashed, "lists.pem"), readFileSync(places.get("clean-crl") ?? "", "utf8"));
  places.set("unhashed-folder", unhashed);
}

async function inParallel<T, R>(
  list: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < list.length; index = next++) {
      const item = list[index];
      if (item !== undefined) results[index] = await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}

function rounded(ms: number): string {
  return ms.toFixed(0);
}

function writeRecord(all: readonly Compared[]): void {
  const record: Record<string, Record<string, Verdict>> = {};
  for (const { group, row, libpq } of all) {
    const ofGroup = record[group] ?? {};
    ofGroup[row] = libpq.verdict;
    record[group] = ofGroup;
  }
  writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);
}

function report(all: readonly Compared[]): number {
  const differ = all.filter(({ ours, libpq }) => ours !== libpq.verdict);
  const undocumented = differ.filter(({ difference }) => difference === undefined);
  const documented = differ.filter(({ difference }) => difference !== undefined);
  const counts = new Map<string, number>();
  for (const { difference = "" } of documented) counts.set(difference, (counts.get(difference) ?? 0) + 1);
  for (const { group, row, ours, code, libpq, difference } of isVerbose ? differ : undocumented) {
    console.log(`\n${difference ?? "DIFFERS"}: ${group} | ${row}`);
    console.log(`  ours ${ours}${code === null ? "" : ` (${code})`}, libpq ${libpq.verdict} ${libpq.words}`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log("\nDocumented differences (docs/libpq-differences.md):");
  for (const [id, count] of counts) console.log(`  ${id}: ${count} rows`);
  console.log(
    `\n${all.length} rows in ${seconds} s: ${all.length - differ.length} agree, ${documented.length} differ as documented, ${undocumented.length} disagree`,
  );
  return undocumented.length === 0 ? 0 : 1;
}

const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-conformance-"));
chmodSync(folder, 0o755);
let server: SampleServer | undefined;
try {
  process.exitCode = await run();
} finally {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}
