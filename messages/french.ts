import type { Messages } from "./english.ts";
import access from "./fr/access.json";
import advice from "./fr/advice.json";
import audit from "./fr/audit.json";
import citus from "./fr/citus.json";
import cli from "./fr/cli.json";
import connections from "./fr/connections.json";
import copyAs from "./fr/copy-as.json";
import fixes from "./fr/fixes.json";
import form from "./fr/form.json";
import guides from "./fr/guides.json";
import help from "./fr/help.json";
import imported from "./fr/import.json";
import material from "./fr/material.json";
import problems from "./fr/problems.json";
import providers from "./fr/providers.json";
import roots from "./fr/roots.json";
import session from "./fr/session.json";
import settings from "./fr/settings.json";
import shell from "./fr/shell.json";
import steps from "./fr/steps.json";
import strings from "./fr/strings.json";
import ways from "./fr/ways.json";

/** The French words. */
export const french: Messages = {
  access,
  advice,
  citus,
  audit,
  cli,
  connections,
  copyAs,
  fixes,
  form,
  guides,
  help,
  import: imported,
  material,
  problems,
  providers,
  roots,
  steps,
  session,
  settings,
  shell,
  ways,
  strings,
};
