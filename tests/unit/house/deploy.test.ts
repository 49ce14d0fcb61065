import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readStoreAddress } from "#lib/store-address.ts";
import { readYaml } from "#lib/yaml/read-yaml.ts";
import { at, type Tree } from "#lib/yaml/tree.ts";

const root = join(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const deployment = read("docs/deployment.md");
const walk = read("docs/more-than-one-machine.md");

/** Settings of the host that the code reads; what only the console's own programs set is not for people. */
const known = new Set(
  [...read("lib/env.ts").matchAll(/^ {2}(CLOAK_DB_\w+):/gm)].map(([, name = ""]) => name),
);
const ours = ["CLOAK_DB_DEMO_DIR"];

test("each setting of the host stands in docs/deployment.md, once", () => {
  const rows = [...deployment.matchAll(/^\| (`CLOAK_DB.*?) \|/gm)].map(([, cell = ""]) => cell);
  const named = rows.flatMap((cell) => [...cell.matchAll(/CLOAK_DB_\w+/g)].map(([name]) => name));
  expect(named.toSorted()).toEqual([...known].filter((name) => !ours.includes(name)).toSorted());
});

describe.each([
  "deploy/compose.yaml",
  "deploy/compose-two.yaml",
  "deploy/balancer.Caddyfile",
  "deploy/cloak-db.service",
  "deploy/nginx.conf",
  "deploy/Caddyfile",
  "Dockerfile",
])("%s", (file) => {
  const text = read(file);

  test("sets nothing that the console does not know", () => {
    const own = ["CLOAK_DB_SITE", "CLOAK_DB_UPSTREAM"];
    const set = [...text.matchAll(/CLOAK_DB_\w+/g)].map(([name]) => name);
    expect(set.filter((name) => !known.has(name) && !own.includes(name))).toEqual([]);
  });

  test("is in docs/deployment.md or in its container", () => {
    expect(file === "Dockerfile" ? deployment.includes("docker build") : deployment.includes(file)).toBe(
      true,
    );
  });
});

test("what the deployment commands copy is there", () => {
  const named = [...`${deployment}${walk}`.matchAll(/(?<![\w/])deploy\/[\w.-]+/g)].map(([path]) => path);
  const missing = named.filter((path) => !existsSync(join(root, path)) && path !== "deploy/secrets");
  expect(named.length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});

test("the service is told where its folders and its key are, and may write nowhere else", () => {
  const unit = read("deploy/cloak-db.service");
  expect(unit).toMatch(/^StateDirectory=cloak-db$/m);
  expect(unit).toMatch(/^LoadCredential=key:\/etc\/cloak-db\/key$/m);
  expect(unit).toMatch(/^Environment=CLOAK_DB_KEY_FILE=%d\/key$/m);
  expect(unit).toMatch(/^ProtectSystem=strict$/m);
  for (const [, folder = ""] of unit.matchAll(/^Environment=CLOAK_DB_\w+_DIR=(.*)$/gm))
    expect(folder).toMatch(/^\/var\/lib\/cloak-db\//);
  // A stop takes ten seconds at most; killed earlier, statements would go on at their servers.
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(10);
});

test("nginx writes every header that the console believes, and holds nothing back", () => {
  const nginx = read("deploy/nginx.conf");
  for (const header of ["Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"])
    expect(nginx).toMatch(new RegExp(`proxy_set_header ${header} +\\$`));
  expect(nginx).toMatch(/proxy_buffering +off;/);
  expect(nginx).toMatch(/proxy_request_buffering +off;/);
  // Who asks over plain HTTP is sent to the console, whatever name they asked for.
  expect(nginx).toContain("return 301 https://$server_name$request_uri;");
});

test("the image runs as nobody, and holds what deploy/lay-out-image.mjs lays out", () => {
  const stages = read("Dockerfile")
    .split(/^FROM /m)
    .slice(1);
  const last = stages.at(-1) ?? "";
  expect(stages).toHaveLength(2);
  expect(last).toMatch(/^USER 10001$/m);
  expect(last.match(/^COPY .*$/gm)).toEqual(["COPY --from=build --chown=root:root /console ./"]);
  expect(last).toMatch(/^HEALTHCHECK /m);
});

const composed = {
  "deploy/compose.yaml": ["console", "caddy", "database"],
  "deploy/compose-two.yaml": ["console-1", "console-2", "balancer", "store-init", "database"],
} as const;

describe.each([".dockerignore", ".gitignore"])("%s", (file) => {
  test.each(Object.keys(composed))("keeps out the secrets that %s mounts", (composeFile) => {
    // `build: ..` sends the whole checkout to the builder, whose layers are kept; `git add .` takes what is there.
    const compose = read(composeFile);
    const files = [...compose.matchAll(/^ {4}file: \.\/(\S+)$/gm)].map(([, path]) => `deploy/${path}`);
    const left = read(file)
      .split("\n")
      .map((line) => line.replace(/\/$/, ""));
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((path) => !left.includes(dirname(path)))).toEqual([]);
  });
});

const names = (tree: Tree | undefined) => (tree instanceof Map ? [...tree.keys()] : []);
const texts = (tree: Tree | undefined) => (Array.isArray(tree) ? tree.map(String) : []);

/** A compose file, with what its services take from one another by merge keys. */
function readCompose(file: string): Tree | undefined {
  const parsed = readYaml(read(file));
  return parsed.ok ? parsed.value[0] : undefined;
}

test.each(Object.entries(composed))("%s names no secret and no volume that it does not have", (file, own) => {
  const compose = readCompose(file);
  const services = names(at(compose, "services"));
  expect(services).toEqual(own);
  const secrets = services.flatMap((service) => texts(at(compose, "services", service, "secrets")));
  expect([...new Set(secrets)].sort()).toEqual(names(at(compose, "secrets")).toSorted());
  const made = read("deploy/make-secrets.sh");
  for (const secret of names(at(compose, "secrets"))) {
    const path = String(at(compose, "secrets", secret, "file"));
    expect(made).toContain(path.replace("./secrets/", ""));
  }
  const volumes = services
    .flatMap((service) => texts(at(compose, "services", service, "volumes")))
    .map((volume) => volume.split(":")[0] ?? "");
  const mounts = volumes.filter((volume) => volume.startsWith("./"));
  expect(mounts.filter((mount) => !existsSync(join(root, "deploy", mount)))).toEqual([]);
  expect(volumes.filter((volume) => !volume.startsWith("./")).toSorted()).toEqual(
    names(at(compose, "volumes")).toSorted(),
  );
});

test("both consoles of deploy/compose-two.yaml are one, but for what each remembers", () => {
  const compose = readCompose("deploy/compose-two.yaml");
  const of = (service: string, ...path: string[]) => at(compose, "services", service, ...path);
  const rest = (service: string) =>
    [...(of(service) as ReadonlyMap<string, Tree>)].filter(
      ([name]) => name !== "volumes" && name !== "build",
    );
  expect(new Map(rest("console-1"))).toEqual(new Map(rest("console-2")));
  expect(texts(of("console-1", "volumes"))).not.toEqual(texts(of("console-2", "volumes")));
  expect(String(of("console-1", "environment", "CLOAK_DB_KEY_FILE"))).toBe("/run/secrets/console-key");

  const owned = [
    ["console-1", "cloak"],
    ["store-init", "cloak_owner"],
  ] as const;
  for (const [service, role] of owned) {
    const url = String(of(service, "environment", "CLOAK_DB_STORE"));
    const address = readStoreAddress(url, { insecure: false });
    const expected = { schema: "cloak", rootFile: "/run/secrets/store-ca" };
    expect(address).toMatchObject({ ...expected, profile: { host: "database", user: role } });
    const files = [url, String(of(service, "environment", "CLOAK_DB_STORE_PASSWORD_FILE"))].join(" ");
    const read = [...files.matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, name]) => name);
    expect(texts(of(service, "secrets"))).toEqual(expect.arrayContaining(read));
  }
  expect(texts(of("store-init", "command")).slice(1).join(" ")).toBe("bin/cloak-db store init --role cloak");
  expect(read("deploy/store-roles.sh")).toContain("create role cloak login");
  expect(String(of("console-2", "depends_on", "store-init", "condition"))).toBe(
    "service_completed_successfully",
  );
});

test("the balancer keeps a browser at its console, and asks each of them under its own name", () => {
  const balancer = read("deploy/balancer.Caddyfile");
  expect(balancer).toContain("reverse_proxy console-1:3000 console-2:3000 {");
  expect(balancer).toMatch(/lb_policy cookie \w+/);
  expect(balancer).toMatch(/health_uri \/api\/health/);
  // Any other host is answered 421.
  expect(balancer).toMatch(/health_headers \{\s+Host \{\$CLOAK_DB_SITE:db\.example\.com\}/);
  const [, seconds = 0, fails = 0] =
    /health_interval (\d+)s[\s\S]*health_fails (\d+)/.exec(balancer)?.map(Number) ?? [];
  // As long as a console goes on without its database.
  expect(seconds * fails).toBeGreaterThanOrEqual(30);
});
