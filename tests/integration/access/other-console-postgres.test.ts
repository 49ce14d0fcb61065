import { vi } from "vitest";
import { startStoreServer } from "#tests/support/store-server.ts";
import { otherConsoleSuite, sent } from "./other-console-suite.ts";

vi.mock("next/headers", () => ({ headers: async () => sent.headers, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({ getTranslations: async () => (key: string) => key }));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

otherConsoleSuite("PostgreSQL", async () => {
  const kept = await startStoreServer();
  const schema = await kept.schema();
  const run = (sql: string) => kept.server.admin(sql, undefined, "vault");
  const [live, copied] = [`${schema}.cloak_live`, `${schema}.copied`];
  const head = `${schema}.cloak_head`;
  return {
    variables: kept.variables(schema),
    copySessions: async () => {
      await run(
        `create table ${copied} as select * from ${live} where kind = 'document' and id = 'sessions'`,
      );
      return async () => {
        await run(`delete from ${live} where kind = 'document' and id = 'sessions'`);
        await run(`insert into ${live} select * from ${copied}`);
      };
    },
    silence: async () => {
      await run(`alter table ${head} rename to cloak_head_away`);
      return {
        code: "store-not-ready",
        end: async () => {
          await run(`alter table ${head}_away rename to cloak_head`);
        },
      };
    },
    stop: () => kept.stop(),
  };
});
