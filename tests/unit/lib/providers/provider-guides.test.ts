import { createTranslator } from "use-intl/core";
import { describe, expect, test } from "vitest";
import { guideSections, guideSources, statementsOf } from "#lib/guides/guide-sections.ts";
import { trustSteps } from "#lib/guides/trust-steps.ts";
import { problemCodes } from "#lib/problems/catalogue.ts";
import { factsOf, recogniseError } from "#lib/providers/facts-of.ts";
import { providers } from "#lib/providers/list.ts";
import { providerGuides } from "#lib/providers/pages.ts";
import { findGuide } from "#lib/providers/provider-guides.ts";
import { publicRootFiles } from "#lib/providers/public-root-files.ts";
import { findProvider } from "#lib/providers/recognise-provider.ts";
import { sources } from "#lib/providers/sources.ts";
import { type SslMode, sslModes } from "#lib/settings/form-values.ts";
import { english, loadMessages, locales } from "#messages/load-messages.ts";
import { sourceFiles } from "#tests/unit/house/source-files.ts";

const guides = providers.map(({ id }) => [id, providerGuides[id]] as const);
const allGuides = Object.values(providerGuides);

describe("the guides", () => {
  test("are found by the provider's id, and for nobody else", () => {
    for (const [id, guide] of guides) expect(findGuide(id)).toBe(guide);
    expect(findGuide("nobody")).toBeUndefined();
    expect(findGuide("constructor")).toBeUndefined();
  });

  test.each(guides)("%s proposes what the form proposes, or stronger", (id, { settings, psql }) => {
    const defaults: Readonly<Record<string, unknown>> = findProvider(id)?.defaults ?? {};
    const differ = settings.filter(({ field, value }) => {
      const proposed = defaults[field];
      if (field === "mode") return sslModes.indexOf(value as SslMode) < sslModes.indexOf(proposed as SslMode);
      if (field === "sni") return proposed === false;
      return proposed !== undefined && proposed !== value && value !== "own";
    });
    expect(differ).toEqual([]);
    for (const field of ["port", "database", "user"] as const) {
      const proposed = defaults[field];
      if (proposed !== undefined) expect(psql[field]).toBe(proposed);
    }
  });

  test.each(guides)("%s gives each message the meaning that the console gives it", (id, guide) => {
    const provider = findProvider(id);
    const wrong = guide.errors.filter(({ text, code }) => {
      const recognised = recogniseError(text, provider)?.phrase.code;
      return recognised !== undefined && recognised !== code;
    });
    expect(wrong).toEqual([]);
  });

  test("a root that a guide installs is one of the provider's", () => {
    for (const [id, guide] of guides) {
      const provider = findProvider(id);
      const roots = provider === undefined ? [] : factsOf(provider).roots.map(({ sha256 }) => sha256);
      for (const trust of guide.trust)
        if (trust.kind === "system-root")
          for (const root of trust.roots) expect(roots, id).toContain(publicRootFiles[root].sha256);
    }
  });

  test.each(guides)("%s has something in every section", (_id, guide) => {
    const filled = [
      guide.start,
      guide.settings,
      guide.roots,
      guide.trust,
      guide.signIn,
      guide.ports,
      guide.network,
      guide.errors,
    ];
    expect(filled.filter((section) => section.length === 0)).toEqual([]);
    for (const trust of guide.trust) expect(trustSteps(trust, guide).length).toBeGreaterThanOrEqual(3);
    expect(guide.settings.some(({ field }) => field === "mode")).toBe(true);
  });

  test.each(guides)(
    "%s says nothing twice in one place, so that the page has no two equal keys",
    (_id, guide) => {
      for (const list of [guide.start, guide.roots, guide.signIn, guide.network]) {
        expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
      }
      expect(new Set(guide.errors.map(({ text }) => text)).size).toBe(guide.errors.length);
      expect(new Set(guide.ports.map(({ note }) => note.id)).size).toBe(guide.ports.length);
      expect(new Set(guide.settings.map(({ field }) => field)).size).toBe(guide.settings.length);
    },
  );

  test.each(guides)("%s proposes no mode that verifies nothing", (_id, guide) => {
    expect(["verify-ca", "verify-full"]).toContain(
      guide.settings.find(({ field }) => field === "mode")?.value,
    );
    expect(["verify-ca", "verify-full"]).toContain(guide.psql.mode);
    expect(guide.psql.rootCert).toBeDefined();
  });

  test.each(guides)("%s leads from each error to an entry of the catalogue", (_id, guide) => {
    expect(guide.errors.filter(({ code }) => !problemCodes.includes(code))).toEqual([]);
  });

  test("what can go stale has its source and the day it was read, or says that it has none", () => {
    for (const [id, { address, read, ...source }] of Object.entries(sources)) {
      expect(address, id).toMatch(/^https:\/\/[a-z0-9.-]+\/\S*$/);
      expect(read, id).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
      if ("dated" in source) expect(Date.parse(source.dated), id).toBeLessThanOrEqual(Date.parse(read));
    }
    // Of this console and of PostgreSQL itself; a statement of a provider must not slip in.
    const timeless = new Set(
      allGuides.flatMap((guide) =>
        statementsOf(guide)
          .filter(({ source }) => source === undefined)
          .map(({ id }) => id),
      ),
    );
    expect(
      [...timeless].filter(
        (id) => !/^(?:start|why|psql|port|local|error|sign-in)-|^pgbouncer-report$/.test(id),
      ),
    ).toEqual([]);
  });

  test("where sources differ, the page says which reading was taken", () => {
    const disputed = allGuides.flatMap(statementsOf).filter((statement) => statement.disputed);
    expect(new Set(disputed.map(({ id }) => id)).size).toBeGreaterThanOrEqual(5);
    const words: Record<string, string> = english.guides.say;
    const differ = Object.keys(words).filter((id) => /differ on|some guides/i.test(words[id] ?? ""));
    expect(differ.filter((id) => !disputed.some((statement) => statement.id === id))).toEqual([]);
  });

  test("every word and every source is used", () => {
    const said = new Set(allGuides.flatMap(statementsOf).map(({ id }) => id as string));
    const code = sourceFiles("app/(console)/help", "lib/guides")
      .map(({ text }) => text)
      .join("\n");
    const named = (id: string) => code.includes(`"${id}"`) || code.includes(`say.${id}"`);
    const { say, steps } = english.guides;
    expect(Object.keys(say).filter((id) => !said.has(id) && !named(id))).toEqual([]);
    expect(Object.keys(steps).filter((id) => !code.includes(`"${id}"`))).toEqual([]);
    const cited = new Set(allGuides.flatMap((guide) => [...guideSources(guide).keys()]));
    expect(Object.keys(sources).filter((id) => !cited.has(id as keyof typeof sources))).toEqual([]);
  });
});

describe.each(locales)("in %s", (locale) => {
  test("every guide can be said whole, each place filled", async () => {
    const messages = await loadMessages(locale);
    const translator = createTranslator({
      locale,
      messages,
      namespace: "guides",
      onError: (error) => {
        throw error;
      },
    });
    const speak = translator.markup as unknown as (key: string, values: object) => string;
    const code = (text: string) => text;
    for (const [name, guide] of guides) {
      for (const { id, values } of statementsOf(guide)) {
        expect(speak(`say.${id}`, { code, ...values }), `${name}: ${id}`).not.toMatch(/[{}]/);
      }
      for (const trust of guide.trust)
        for (const { platform, steps } of trustSteps(trust, guide)) {
          expect(speak(`platforms.${platform}`, {})).not.toBe("");
          for (const { id, values } of steps) {
            expect(speak(`steps.${id}`, { code, ...values }), `${name}: ${id}`).not.toMatch(/[{}]/);
          }
        }
    }
    for (const section of guideSections) expect(speak(`sections.${section}`, {})).not.toBe("");
  });
});

describe("what the requirements ask of them", () => {
  const guide = (id: string) => {
    const found = findGuide(id);
    if (found === undefined) throw new Error(id);
    return found;
  };
  const says = (id: string, part: readonly { readonly id: string }[]) =>
    part.map((statement) => (english.guides.say as Record<string, string>)[statement.id]).join("\n") + id;

  test("C11: RDS begins with Require, or its bundle for the verify modes", () => {
    expect(says("", guide("rds").start)).toMatch(/choose Require[\s\S]*RDS CA bundle/);
  });

  test("C11: Supabase has a root of its own, Neon a public one", () => {
    expect(guide("supabase").trust.map(({ kind }) => kind)).toEqual(["ca-file"]);
    expect(says("", guide("supabase").roots)).toMatch(/publicly trusted\. They are not/);
    expect(guide("neon").trust.map(({ kind }) => kind)).toEqual(["system-root"]);
  });

  test("C11: local development is self-signed, and verification stays on", () => {
    expect(guide("local").trust.map(({ kind }) => kind)).toEqual(["self-signed"]);
    expect(guide("local").settings.find(({ field }) => field === "mode")?.value).toBe("verify-full");
  });

  test("D6: Aurora DSQL is admin at postgres, with the cluster's endpoint", () => {
    expect(guide("aurora-dsql").psql).toMatchObject({ user: "admin", database: "postgres", port: "5432" });
  });

  test("H3: Citus names all three roots, as .pem, .crt or binary .cer", () => {
    const [trust] = guide("azure-citus").trust;
    expect(trust?.kind === "system-root" && [...trust.roots].sort()).toEqual([
      "DigiCertGlobalRootCA",
      "DigiCertGlobalRootG2",
      "MicrosoftRSARoot2017",
    ]);
    expect(says("", guide("azure-citus").roots)).toMatch(/\.pem, \.crt or binary \.cer/);
  });

  test.each(["azure-citus", "azure-postgres"])("H5: a timeout at %s points to the firewall rules", (id) => {
    const timeout = guide(id).errors.find(({ code }) => code === "net-timeout");
    expect(says("", timeout?.note === undefined ? [] : [timeout.note])).toMatch(/firewall rules/);
    expect(says("", guide(id).network)).toMatch(/firewall rules/);
  });

  test("Citus and Supabase explain the ports of their poolers", () => {
    expect(guide("azure-citus").ports.map(({ port }) => port)).toEqual(["5432", "6432"]);
    expect(guide("supabase-pooler").ports.map(({ port }) => port)).toEqual(["5432", "6543"]);
  });

  test("C12, D9: each trouble has its entry, with the fix that is asked for", () => {
    const { problems } = english;
    expect(problems["auth-tls-required"].fix).toMatch(/SSL/);
    expect(problems["tls-self-signed"].fix).toMatch(/CA|certificate/);
    expect(problems["tls-unknown-ca"].fix).toMatch(/right CA/);
    expect(problems["tls-hostname-mismatch"].fix).toMatch(/Verify CA|name/);
    expect(problems["psql-unregistered-scheme"].fix).toMatch(/certificate file/);
  });
});
