import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { freePort } from "#lib/samples/free-port.ts";
import { startConsole, type TestConsole } from "#tests/support/console-server.ts";
import { owner } from "#tests/support/person.ts";

// The proxies of deploy/, each where it is installed: real programs, which npm does not have.
for (const [name, start] of [
  ["nginx", startNginx],
  ["caddy", startCaddy],
] as const) {
  const missing =
    spawnSync(name, ["-v"]).error !== undefined && spawnSync(name, ["version"]).error !== undefined;

  test(`deploy's ${name} in front: signing in, foreign names and forged addresses`, async () => {
    test.skip(missing, `${name} is not installed`);
    test.setTimeout(300_000);
    const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-proxy-"));
    const port = await freePort(["127.0.0.1"]);
    const site = `db.example.com:${port}`;
    let server: TestConsole | undefined;
    let proxy: ChildProcess | undefined;
    try {
      makeCertificate(folder);
      server = await startConsole({
        env: { CLOAK_DB_PUBLIC_URL: `https://${site}`, CLOAK_DB_TRUSTED_PROXIES: "1" },
      });
      proxy = start(folder, port, new URL(server.url).host);
      const ask = (parts: Ask) => send(port, site, parts);
      await expect
        .poll(() =>
          ask({ path: "/api/health" }).then(
            ({ status }) => status,
            () => 0,
          ),
        )
        .toBe(200);

      const made = await ask({
        path: "/api/setup",
        method: "POST",
        headers: {
          origin: `https://${site}`,
          "content-type": "application/json",
          "x-forwarded-for": "192.0.2.66",
        },
        body: JSON.stringify({ token: server.setupToken(), ...owner }),
      });
      expect(made.status, made.text).toBe(200);
      const cookies = made.cookies.map((cookie) => cookie.split(";")[0]).join("; ");
      expect(cookies).toContain("__Host-");
      const page = await ask({ path: "/settings/security", headers: { cookie: cookies } });
      expect(page.status).toBe(200);
      // What a browser says of its own address counts for nothing.
      expect(readFileSync(path.join(server.configDir, "audit.jsonl"), "utf8")).not.toContain("192.0.2.66");
      // Answered by the console with 421, or not even given a certificate.
      const foreign = send(port, "elsewhere.example.com", { path: "/login" });
      expect(
        await foreign.then(
          ({ status }) => status,
          () => 421,
        ),
      ).toBe(421);
    } finally {
      proxy?.kill("SIGTERM");
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

interface Ask {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly text: string;
}

function send(
  port: number,
  host: string,
  { path: target, method = "GET", headers = {}, body }: Ask,
): Promise<Answer> {
  const options = {
    host: "127.0.0.1",
    port,
    path: target,
    method,
    rejectUnauthorized: false,
    agent: false,
  } as const;
  const servername = host.split(":")[0] ?? "";
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, servername, headers: { ...headers, host } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.once("end", () =>
        resolve({ status: answer.statusCode ?? 0, cookies: answer.headers["set-cookie"] ?? [], text }),
      );
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

function makeCertificate(folder: string): void {
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ...["-subj", "/CN=db.example.com", "-addext", "subjectAltName=DNS:db.example.com"],
      ...["-keyout", path.join(folder, "privkey.pem"), "-out", path.join(folder, "fullchain.pem")],
    ],
    { stdio: "ignore" },
  );
}

/** The server block as it stands, but for ports, files and what needs root. */
function startNginx(folder: string, port: number, upstream: string): ChildProcess {
  const block = deployed("nginx.conf")
    .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replace(/\nserver \{\s+listen 80;[\s\S]*$/, "")
    .replaceAll("/etc/ssl/db.example.com", folder)
    .replace("http://127.0.0.1:3000", `http://${upstream}`);
  const file = path.join(folder, "nginx.conf");
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const user = process.getuid?.() === 0 ? "user root;" : "";
  writeFileSync(
    file,
    `${user} daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {} http { access_log off; ${places.join(" ")} ${block} }`,
  );
  return spawn("nginx", ["-p", folder, "-c", file], { stdio: "ignore" });
}

function startCaddy(folder: string, port: number, upstream: string): ChildProcess {
  const site = deployed("Caddyfile").replace(
    "reverse_proxy",
    `tls ${folder}/fullchain.pem ${folder}/privkey.pem\n\tbind 127.0.0.1\n\treverse_proxy`,
  );
  const file = path.join(folder, "Caddyfile");
  writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port 0\n}\n${site}`);
  return spawn("caddy", ["run", "--config", file, "--adapter", "caddyfile"], {
    stdio: "ignore",
    env: {
      ...process.env,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
      CLOAK_DB_SITE: `https://db.example.com:${port}`,
      CLOAK_DB_UPSTREAM: upstream,
    },
  });
}

function deployed(file: string): string {
  return readFileSync(path.join(import.meta.dirname, "../../deploy", file), "utf8");
}
