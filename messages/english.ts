import access from "./en/access.json";
import advice from "./en/advice.json";
import audit from "./en/audit.json";
import citus from "./en/citus.json";
import cli from "./en/cli.json";
import connections from "./en/connections.json";
import copyAs from "./en/copy-as.json";
import fixes from "./en/fixes.json";
import form from "./en/form.json";
import guides from "./en/guides.json";
import help from "./en/help.json";
import imported from "./en/import.json";
import material from "./en/material.json";
import problems from "./en/problems.json";
import providers from "./en/providers.json";
import roots from "./en/roots.json";
import session from "./en/session.json";
import settings from "./en/settings.json";
import shell from "./en/shell.json";
import steps from "./en/steps.json";
import strings from "./en/strings.json";
import ways from "./en/ways.json";

/** The English words: what every other language is measured against. */
export const english = {
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

export type Messages = typeof english;
