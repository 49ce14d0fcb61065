import "server-only";
import { makeCertificate, rewriteKey, type SampleCertificate } from "./certificates.ts";
import { manyTables, millionRows } from "./large-schema.ts";
import { type SampleServer, type SampleServerOptions, startPostgres } from "./postgres-server.ts";
import { shopSchema } from "./shop-schema.ts";
import { warehouseSchema } from "./warehouse-schema.ts";

/** Servers to try the console on: a good one, and one for each thing that usually goes wrong. */
export interface DemoServers {
  /** The CA that signed all but the self-signed certificate. */
  readonly ca: SampleCertificate;
  readonly verified: SampleServer;
  readonly selfSigned: SampleServer;
  readonly expired: SampleServer;
  /** Its certificate is for db.example.test. */
  readonly wrongName: SampleServer;
  /** Lets in only who shows a client certificate. */
  readonly clientCertificate: SampleServer;
  readonly client: DemoClient;
  stop(): Promise<void>;
}

/** The client certificate that the last server accepts. */
export interface DemoClient {
  readonly certificatePem: string;
  /** Encrypted with `passphrase`. */
  readonly keyPem: string;
  readonly passphrase: string;
}

/** Who signs in to all of them, and where; sample data, so not secret. */
export const demoUser = { user: "app", password: "correct-horse-shop", database: "shop" } as const;

const here = { dns: ["localhost"], ip: ["127.0.0.1", "::1"], purposes: ["serverAuth"] } as const;
const day = 86_400_000;

/**
 * Starts them all at once; each listens on `localhost` at a port of its own and has the same little shop. The good one has
 * a warehouse, too, with one of everything.
 */
export async function startDemoServers(): Promise<DemoServers> {
  const ca = await makeCertificate({ commonNames: ["Cloak DB demo CA"], organization: "Demo", ca: true });
  const from = (part: Parameters<typeof makeCertificate>[0]) =>
    makeCertificate({ commonNames: ["localhost"], ...here, issuer: ca, ...part });
  const certificates = await Promise.all([
    from({}),
    makeCertificate({ commonNames: ["localhost"], ...here }),
    from({ notBefore: new Date(Date.now() - 100 * day), notAfter: new Date(Date.now() - 3 * day) }),
    from({ commonNames: ["db.example.test"], dns: ["db.example.test"], ip: [] }),
    from({}),
  ]);
  const options = certificates.map((certificate, index) =>
    serverOptions(certificate, index === 0 ? shopSchema + warehouseSchema : shopSchema),
  );
  options[4] = { ...options[4], ca: ca.pem, hba: ["hostssl all all all cert"] };

  const started = await Promise.allSettled(options.map((one) => startPostgres(one)));
  const servers = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const [verified, selfSigned, expired, wrongName, clientCertificate] = servers;
  const failure = started.find((one) => one.status === "rejected");
  if (!verified || !selfSigned || !expired || !wrongName || !clientCertificate) {
    await stop();
    throw failure?.reason;
  }
  const client = await makeClient(ca);
  return { ca, verified, selfSigned, expired, wrongName, clientCertificate, client, stop };
}

function serverOptions(certificate: SampleCertificate, fill: string): SampleServerOptions {
  const { user, password, database } = demoUser;
  return {
    certificate,
    hba: ["hostssl all all all scram-sha-256"],
    users: [{ name: user, password }],
    databases: [database],
    fill: { [database]: fill },
  };
}

/** Fills the good server with more tables and rows than anybody reads. Takes a minute or two. */
export async function fillLarge({ verified }: DemoServers): Promise<void> {
  for (const text of [millionRows, manyTables]) await verified.admin(text, undefined, demoUser.database);
}

async function makeClient(ca: SampleCertificate): Promise<DemoClient> {
  const made = await makeCertificate({
    commonNames: [demoUser.user],
    purposes: ["clientAuth"],
    issuer: ca,
  });
  const passphrase = "open-sesame";
  return { certificatePem: made.pem, keyPem: rewriteKey(made.keyPem, "pkcs8", passphrase), passphrase };
}
