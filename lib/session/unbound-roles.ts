import "server-only";
import { type CatalogueConnection, factLimits, query } from "./query.ts";
import { arrayText, statement } from "./statement.ts";

/**
 * What lets a session reach beyond a read-only transaction: such a role writes files, runs programs or ends other
 * sessions from inside `BEGIN READ ONLY`, because none of that is a write to the database.
 * https://www.postgresql.org/docs/18/predefined-roles.html
 *
 * @returns `superuser`; `replication`, which makes slots that keep the server's WAL; the names of predefined roles that
 *          the user is a member of; `dblink` where that extension may be called; empty when a read-only transaction
 *          binds the session; null when the server
 *          does not tell. Throws when the connection is gone
 */
export async function unboundRoles(connection: CatalogueConnection): Promise<readonly string[] | null> {
  const answer = await query(connection, statement(question, arrayText(powerful)), factLimits);
  return answer.ok ? answer.value.flatMap(([name]) => name ?? []) : null;
}

/** `pg_has_role(…, 'member')` counts roles that can only be reached by SET ROLE, too: one statement can do both. */
const question = `
  select 'superuser' from pg_catalog.pg_roles r
   where r.rolsuper and pg_catalog.pg_has_role(session_user, r.oid, 'member')
  union
  select 'replication' from pg_catalog.pg_roles r
   where r.rolreplication and pg_catalog.pg_has_role(session_user, r.oid, 'member')
     and not exists (select from pg_catalog.pg_roles s
                      where s.rolsuper and pg_catalog.pg_has_role(session_user, s.oid, 'member'))
  union
  select r.rolname::pg_catalog.text from pg_catalog.pg_roles r
   where r.rolname operator(pg_catalog.=) any ($1::pg_catalog.text[])
     and pg_catalog.pg_has_role(session_user, r.oid, 'member')
     and not exists (select from pg_catalog.pg_roles s
                      where s.rolsuper and pg_catalog.pg_has_role(session_user, s.oid, 'member'))
  union
  select 'dblink' from pg_catalog.pg_proc p
    join pg_catalog.pg_depend d on d.objid operator(pg_catalog.=) p.oid and d.deptype operator(pg_catalog.=) 'e'
    join pg_catalog.pg_extension e on e.oid operator(pg_catalog.=) d.refobjid
   where e.extname operator(pg_catalog.=) 'dblink'
     and p.proname operator(pg_catalog.=) 'dblink_exec'
     and pg_catalog.has_function_privilege(p.oid, 'execute')
  order by 1`;

const powerful = [
  "pg_execute_server_program",
  "pg_write_server_files",
  "pg_read_server_files",
  "pg_signal_backend",
  "pg_checkpoint",
  "pg_maintain",
  "pg_create_subscription",
];
