import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { unboundRoles } from "#lib/session/unbound-roles.ts";
import { cancelPlainly, openPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

let server: SampleServer;
const clients = new LiveClients(openPlainly);

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    settings: { max_prepared_transactions: 5 },
    fill: {
      postgres: `alter role postgres password 'secret';
        create table item (id int primary key, name text); insert into item values (1, 'kept');
        create sequence numbers; create view items as select * from item;
        create materialized view frozen as select * from item;
        create function write_it() returns int language sql as $$ insert into item values (2, 'no'); select 1 $$;
        create function write_as_owner() returns void language plpgsql security definer
          as $$ begin insert into item values (3, 'no'); end $$;
        create function open_up() returns void language plpgsql
          as $$ begin perform set_config('transaction_read_only', 'off', false);
            insert into item values (4, 'no'); end $$;
        create function try_hard() returns void language plpgsql as $$ begin
            begin insert into item values (5, 'no'); exception when others then null; end;
            set transaction read write; insert into item values (6, 'no'); end $$;
        create function with_setting() returns void language sql set default_transaction_read_only = off
          as $$ insert into item values (7, 'no') $$;
        create procedure in_steps() language plpgsql
          as $$ begin commit; insert into item values (8, 'no'); commit; end $$;
        create procedure chained() language plpgsql
          as $$ begin rollback and chain; insert into item values (9, 'no'); end $$;
        grant all on all tables in schema public to app; grant all on sequence numbers to app;
        grant all on schema public to app; alter table item owner to app; alter function write_it() owner to app;`,
    },
  });
});
afterAll(async () => {
  clients.close({}, problem("cancelled"));
  await server?.stop();
});

describe("a read-only run by an ordinary role changes nothing", () => {
  test.each([
    "insert into item values (10, 'no')",
    "update item set name = 'no'",
    "delete from item",
    "truncate item",
    "merge into item using (values (1)) v(id) on item.id = v.id when matched then delete",
    "with gone as (delete from item returning *) select * from gone",
    "with gone as (delete from item returning *) select 1 limit 0",
    "/* select */ delete from item",
    "-- select\ndelete from item",
    "select * into scratch from item",
    "create table scratch as table item",
    "create temp table scratch (id int)",
    "create schema scratch",
    "create function f() returns int language sql as 'select 1'",
    "drop table item",
    "alter table item add column more int",
    "grant select on item to public",
    "comment on table item is 'no'",
    "copy item from stdin",
    "lock table item in exclusive mode",
    "select * from item for update",
    "select nextval('numbers')",
    "select setval('numbers', 99)",
    "refresh materialized view frozen",
    "reindex table item",
    "vacuum item",
    "cluster item using item_pkey",
    "explain analyze delete from item",
    "select write_it()",
    "select write_as_owner()",
    "select open_up()",
    "select try_hard()",
    "select with_setting()",
    "call in_steps()",
    "call chained()",
    "do $$ begin insert into item values (11, 'no'); end $$",
    "do $$ begin commit; insert into item values (12, 'no'); end $$",
    "do $$ begin execute 'set transaction read write'; insert into item values (13, 'no'); end $$",
    "do $$ begin perform set_config('default_transaction_read_only', 'off', false); commit; end $$",
    "set transaction read write",
    "set session characteristics as transaction read write",
    "set transaction_read_only = off",
    "set default_transaction_read_only = off",
    "select set_config('transaction_read_only', 'off', false)",
    "begin read write",
    "start transaction read write",
    "savepoint s",
    "commit",
    "end",
    "rollback",
    "abort",
    "commit and chain",
    "rollback and chain",
    "prepare transaction 'left behind'",
    "commit; insert into item values (14, 'no')",
    "rollback; delete from item",
    "select 1; delete from item",
    "declare c cursor with hold for select * from item",
    "prepare p as delete from item",
    "execute p",
    "deallocate all",
    "discard all",
    "listen channel",
    "notify channel",
    "select pg_advisory_lock(1)",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "select pg_notify('channel', 'x')",
    "reset all",
    "set role app",
    "set session authorization app",
    "select pg_read_file('postgresql.conf')",
    "copy item to program 'cat'",
    "copy (select 1) to '/tmp/cloak-db-escape'",
    "select pg_reload_conf()",
    "alter system set work_mem = '8MB'",
    "checkpoint",
    "security label on table item is 'no'",
    "import foreign schema public from server none into public",
  ])("%s", async (sql) => {
    const before = await fingerprint();
    await run(sql);
    // Whatever it left on the session must not help the next one.
    await run("delete from item");
    expect(await fingerprint()).toEqual(before);
    expect(await sessions()).toEqual([]);
  });
});

describe("what read-only cannot hold back is said", () => {
  test("nothing for an ordinary role", async () => {
    expect(await rolesOf("app")).toEqual([]);
  });

  test("a superuser", async () => {
    expect(await rolesOf("postgres")).toEqual(["superuser"]);
  });

  test.each([
    [
      "grant pg_execute_server_program to app",
      "revoke pg_execute_server_program from app",
      "pg_execute_server_program",
    ],
    [
      "create role helper; grant pg_signal_backend to helper; grant helper to app with inherit false",
      "drop role helper",
      "pg_signal_backend",
    ],
    ["alter role app replication", "alter role app noreplication", "replication"],
    [
      "create role copier replication; grant copier to app with inherit false",
      "drop role copier",
      "replication",
    ],
    ["create role boss superuser; grant boss to app with inherit false", "drop role boss", "superuser"],
  ])("%s", async (grant, revoke, name) => {
    await server.admin(grant);
    expect(await rolesOf("app")).toEqual([name]);
    await server.admin(revoke);
    expect(await rolesOf("app")).toEqual([]);
  });

  test("it is true: such a role writes a file inside the read-only transaction", async () => {
    const events = await run("copy (select 'out') to program 'cat > escaped.txt'", "postgres");
    expect(events.at(-1)).toMatchObject({ type: "done", tag: "COPY 1" });
    expect(await server.admin("select pg_read_file('escaped.txt') as text")).toEqual([{ text: "out\n" }]);
  });
});

async function run(sql: string, user = "app"): Promise<RunEvent[]> {
  const session = await clients.acquire({
    kind: "browse",
    userId: "user-1",
    sessionId: "session-1",
    profile: sampleProfile({ port: server.port, user, id: user }),
    mode: "read-only",
  });
  if (!session.ok) throw new Error(session.problem.problem.code);
  const events: RunEvent[] = [];
  const { signal } = new AbortController();
  const cancel = () => cancelPlainly(server.port, session.value.connection.backend);
  const asked = {
    statement: { text: sql, values: [] },
    readOnly: true,
    rowCap: 100,
    timeoutMs: 5_000,
    signal,
    cancel,
  };
  for await (const event of runStatement(session.value, asked)) events.push(event);
  return events;
}

async function rolesOf(user: string) {
  const attempt = await openPlainly(sampleProfile({ port: server.port, user }));
  if (attempt.connection === null) throw new Error("no connection");
  const found = await unboundRoles(attempt.connection);
  await attempt.connection.close();
  return found;
}

/** Everything that could have been changed, as an administrator sees it. */
async function fingerprint() {
  return server.admin(`select
    (select json_agg(i order by id) from item i) as rows,
    (select last_value from numbers) as sequence,
    (select json_agg(relname order by relname) from pg_class where oid >= 16384 and relpersistence <> 't') as relations,
    (select json_agg(proname order by proname) from pg_proc where oid >= 16384) as functions,
    (select json_agg(attname order by attnum) from pg_attribute where attrelid = 'item'::regclass and attnum > 0) as columns,
    (select relacl::text from pg_class where oid = 'item'::regclass) as grants,
    obj_description('item'::regclass) as remark,
    (select count(*) from pg_largeobject_metadata) as objects,
    (select count(*) from pg_prepared_xacts) as prepared,
    (select setting from pg_settings where name = 'work_mem') as setting`);
}

/** Sessions that hold a lock or a transaction after their run. */
async function sessions() {
  return server.admin(`select a.pid, a.state, l.locktype from pg_stat_activity a left join pg_locks l using (pid)
    where a.usename = 'app' and (a.state <> 'idle' or l.locktype is not null)`);
}
