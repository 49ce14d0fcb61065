import type { Act, ConnectionAct } from "#lib/team/access.ts";

/** Who may call one page, handler or action. */
export type Access =
  /** Behind the login; the guard's name follows from what it is. */
  | {
      readonly act: Act;
      /**
       * The least that it takes of the connection it is asked about, which without that is not there; null where it is
       * about none. `tests/integration/access/grants.test.ts` calls each of these as everybody.
       */
      readonly connection: ConnectionAct | null;
    }
  /** Before the login: the function its body begins with, and why that is enough. */
  | { readonly first: string; readonly why: string };

/**
 * Every page, route handler and server action of the console: `path` for a page, `path#name` for the others.
 * `access-matrix.test.ts` reads the tree and fails when one is missing here, or does not begin with its guard.
 */
export const accessMatrix: Readonly<Record<string, Access>> = {
  "app/page.tsx": { act: "connections:read", connection: null },

  "app/(signed-out)/login/page.tsx": { first: "loginPage", why: "strangers sign in here" },
  "app/(signed-out)/setup/page.tsx": { first: "setupPage", why: "answers 404 as soon as somebody is set up" },
  "app/(signed-out)/locked/page.tsx": {
    first: "lockedPage",
    why: "says the vault's state and nothing from it",
  },

  "app/api/health/route.ts#GET": {
    first: "currentCaller",
    why: "says ok or the vault's state, nothing from it",
  },
  "app/api/login/route.ts#POST": { first: "refuseForeign", why: "strangers sign in here; throttled" },
  "app/api/setup/route.ts#POST": { first: "refuseForeign", why: "asks for the one-time token; throttled" },
  "app/api/logout/route.ts#POST": { first: "refuseForeign", why: "ends the caller's own session, if any" },

  "app/api/attempts/[id]/test/route.ts#POST": { act: "connections:test", connection: "data:read" },
  "app/api/attempts/[id]/cancel/route.ts#POST": { act: "connections:test", connection: null },
  "app/api/material/route.ts#POST": { act: "connections:test", connection: null },
  "app/api/material/sort/route.ts#POST": { act: "connections:test", connection: null },

  "app/api/copy-as/route.ts#POST": { act: "connections:use", connection: "data:read" },

  // Names the connections whose settings its caller may see, and none else: `tests/integration/access/carry.test.ts`.
  "app/api/carry/export/route.ts#GET": { act: "connections:read", connection: null },
  // With secrets it takes to manage them.
  "app/api/carry/export/route.ts#POST": { act: "connections:use", connection: "data:read" },
  // A public key; and what is brought in is new, or its caller manages it.
  "app/api/carry/import/route.ts#GET": { act: "connections:save", connection: null },
  "app/api/carry/import/route.ts#POST": { act: "connections:save", connection: null },

  // Finds only what its caller may see: `tests/integration/access/palette.test.ts`.
  "app/api/palette/route.ts#GET": { act: "connections:read", connection: null },

  // Says whether the store answers, nothing from it.
  "app/api/store-away/route.ts#GET": { act: "connections:read", connection: null },

  "app/api/trust/route.ts#GET": { act: "own:settings", connection: null },
  "app/api/trust/route.ts#POST": { act: "own:settings", connection: null },

  "app/api/connections/[id]/test/route.ts#POST": { act: "connections:test", connection: "data:read" },
  "app/api/connections/[id]/run/route.ts#POST": { act: "connections:use", connection: "data:read" },
  // One's own tab, of which no database is asked: without access it has no session.
  "app/api/connections/[id]/tab/route.ts#POST": { act: "connections:use", connection: null },
  // One's own run, whatever connection it is on: who has lost their access may still end it.
  "app/api/connections/[id]/cancel/route.ts#POST": { act: "connections:use", connection: null },
  "app/api/connections/[id]/more/route.ts#POST": { act: "connections:use", connection: null },
  "app/api/connections/[id]/citus/route.ts#GET": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/plan/route.ts#POST": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/activity/route.ts#POST": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/activity/end/route.ts#POST": {
    act: "connections:use",
    connection: "activity:end",
  },
  "app/api/connections/[id]/drafts/route.ts#GET": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/drafts/route.ts#PUT": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/drafts/route.ts#DELETE": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/history/route.ts#POST": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/api/connections/[id]/history/route.ts#GET": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/api/connections/[id]/history/route.ts#DELETE": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/api/connections/[id]/queries/route.ts#GET": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/api/connections/[id]/queries/route.ts#POST": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/api/connections/[id]/queries/route.ts#PUT": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/api/connections/[id]/queries/route.ts#DELETE": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/api/connections/[id]/picture/route.ts#POST": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/exports/route.ts#POST": { act: "connections:use", connection: "data:export" },
  // A ticket is one's own and good once; the connection is asked about again before anything leaves.
  "app/api/connections/[id]/exports/[ticket]/route.ts#GET": { act: "connections:use", connection: null },
  "app/api/connections/[id]/imports/route.ts#POST": { act: "connections:use", connection: "data:import" },
  // Pieces of an import that one has begun; whoever loses the right loses its session.
  "app/api/connections/[id]/imports/[transfer]/route.ts#PUT": { act: "connections:use", connection: null },
  "app/api/connections/[id]/imports/[transfer]/route.ts#POST": { act: "connections:use", connection: null },
  // One's own transfers, of which no database is asked.
  "app/api/connections/[id]/transfers/route.ts#GET": { act: "connections:use", connection: null },
  "app/api/connections/[id]/transfers/route.ts#POST": { act: "connections:use", connection: null },
  "app/api/connections/[id]/relations/route.ts#POST": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/table/route.ts#POST": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/result-tables/route.ts#POST": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/api/connections/[id]/rows/route.ts#POST": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/count/route.ts#POST": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/value/route.ts#POST": { act: "connections:use", connection: "data:read" },
  "app/api/connections/[id]/changes/editable/route.ts#POST": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/api/connections/[id]/changes/try/route.ts#POST": { act: "connections:use", connection: "data:write" },
  "app/api/connections/[id]/changes/apply/route.ts#POST": {
    act: "connections:use",
    connection: "data:write",
  },
  "app/api/connections/[id]/look-up/route.ts#POST": { act: "connections:use", connection: "data:read" },

  "app/(console)/[...nowhere]/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/connections/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/connections/new/page.tsx": { act: "connections:save", connection: null },
  "app/(console)/connections/[id]/(workbench)/[[...place]]/page.tsx": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/(console)/connections/[id]/edit/page.tsx": { act: "connections:save", connection: null },
  "app/(console)/connections/actions.ts#findStrongest": {
    act: "connections:test",
    connection: "connection:manage",
  },
  "app/(console)/connections/actions.ts#lookAtServer": { act: "connections:test", connection: null },
  "app/(console)/connections/actions.ts#saveConnection": {
    act: "connections:save",
    connection: "connection:manage",
  },
  "app/(console)/connections/unsaved-actions.ts#connectUnsaved": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/(console)/connections/unsaved-actions.ts#saveUnsaved": {
    act: "connections:save",
    connection: "connection:manage",
  },
  "app/(console)/connections/confirm-actions.ts#confirmOwnPassword": {
    act: "own:settings",
    connection: null,
  },
  "app/(console)/connections/list/list-actions.ts#labelConnections": {
    act: "connections:save",
    connection: "connection:manage",
  },
  "app/(console)/connections/list/list-actions.ts#setFavourites": {
    act: "connections:use",
    connection: "data:read",
  },
  // What the caller's own list holds.
  "app/(console)/connections/list/list-actions.ts#listedByAddress": {
    act: "connections:read",
    connection: null,
  },
  "app/(console)/connections/demo-actions.ts#dismissDemo": { act: "own:settings", connection: null },
  "app/(console)/connections/demo-actions.ts#demoClientCertificate": {
    act: "connections:save",
    connection: null,
  },
  "app/(console)/connections/form/import-actions.ts#importConnections": {
    act: "connections:save",
    connection: null,
  },
  "app/(console)/settings/connections/[id]/page.tsx": { act: "connections:save", connection: "data:read" },
  "app/(console)/help/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/help/keys/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/help/pinning/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/help/problems/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/help/problems/[code]/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/help/providers/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/help/providers/[id]/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/help/storage/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/help/tls-modes/page.tsx": { act: "connections:read", connection: null },
  "app/(console)/settings/(sections)/page.tsx": { act: "own:settings", connection: null },
  "app/(console)/settings/(sections)/preferences/page.tsx": { act: "own:settings", connection: null },
  "app/(console)/settings/(sections)/security/page.tsx": { act: "own:settings", connection: null },
  "app/(console)/settings/(sections)/trust/page.tsx": { act: "own:settings", connection: null },
  "app/(console)/settings/(sections)/team/page.tsx": { act: "team:manage", connection: null },
  "app/(console)/settings/(sections)/audit/page.tsx": { act: "audit:read", connection: null },
  "app/(console)/settings/(sections)/about/page.tsx": { act: "own:settings", connection: null },

  "app/(console)/settings/(sections)/access/page.tsx": { act: "own:settings", connection: null },
  "app/(console)/settings/(sections)/access/[id]/page.tsx": {
    act: "connections:save",
    connection: "connection:manage",
  },
  "app/(console)/settings/access-actions.ts#setAccess": {
    act: "connections:save",
    connection: "connection:manage",
  },
  "app/(console)/settings/access-actions.ts#setDefaultAccess": { act: "team:manage", connection: null },
  "app/(console)/settings/access-actions.ts#tightenAccess": { act: "team:manage", connection: null },
  "app/(console)/connections/[id]/unlock/unlock-actions.ts#unlockWriting": {
    act: "connections:use",
    connection: "data:write",
  },
  "app/(console)/connections/[id]/unlock/unlock-actions.ts#lockWriting": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/(console)/connections/[id]/moved/moved-actions.ts#seeMoves": {
    act: "connections:use",
    connection: "data:read",
  },
  "app/(console)/palette/theme-action.ts#chooseTheme": { act: "own:settings", connection: null },
  // Of whatever carries it, what the caller manages: grants.test.ts says so of each of them.
  "app/(console)/settings/label-actions.ts#renameLabel": { act: "connections:save", connection: null },
  "app/(console)/settings/actions.ts#removeConnection": {
    act: "connections:remove",
    connection: "connection:manage",
  },
  "app/(console)/settings/actions.ts#undoRemoval": {
    act: "connections:remove",
    connection: "connection:manage",
  },
  "app/(console)/settings/actions.ts#duplicateConnection": {
    act: "connections:save",
    connection: "data:read",
  },
  "app/(console)/settings/actions.ts#dismissImportNote": {
    act: "connections:save",
    connection: "connection:manage",
  },
  "app/(console)/settings/actions.ts#savePreferences": { act: "own:settings", connection: null },
  "app/api/backup/route.ts#GET": { act: "vault:manage", connection: null },
  "app/(console)/settings/security/backup-actions.ts#verifyBackups": {
    act: "vault:manage",
    connection: null,
  },
  "app/(console)/settings/security/backup-actions.ts#restoreBackup": {
    act: "vault:manage",
    connection: null,
  },
  "app/(console)/settings/security/backup-actions.ts#purgeBackups": {
    act: "vault:manage",
    connection: null,
  },
  "app/(console)/settings/account-actions.ts#endSession": { act: "own:settings", connection: null },
  "app/(console)/settings/account-actions.ts#changePassword": { act: "own:settings", connection: null },
  "app/(console)/settings/trust-actions.ts#lookAtRoots": { act: "trust:manage", connection: null },
  "app/(console)/settings/trust-actions.ts#keepRoots": { act: "trust:manage", connection: null },
  "app/(console)/settings/trust-actions.ts#dropRoots": { act: "trust:manage", connection: null },
  "app/(console)/settings/keys-actions.ts#addPassphrase": { act: "vault:manage", connection: null },
  "app/(console)/settings/keys-actions.ts#removeKey": { act: "vault:manage", connection: null },
  "app/(console)/settings/keys-actions.ts#rotateDataKey": { act: "vault:manage", connection: null },
  "app/(console)/settings/team-actions.ts#addMember": { act: "team:manage", connection: null },
  "app/(console)/settings/team-actions.ts#setMemberDisabled": { act: "team:manage", connection: null },
};
