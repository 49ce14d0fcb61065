import type { Messages } from "./english.ts";
import access from "./zh-TW/access.json";
import advice from "./zh-TW/advice.json";
import audit from "./zh-TW/audit.json";
import citus from "./zh-TW/citus.json";
import cli from "./zh-TW/cli.json";
import connections from "./zh-TW/connections.json";
import copyAs from "./zh-TW/copy-as.json";
import fixes from "./zh-TW/fixes.json";
import form from "./zh-TW/form.json";
import guides from "./zh-TW/guides.json";
import help from "./zh-TW/help.json";
import imported from "./zh-TW/import.json";
import material from "./zh-TW/material.json";
import problems from "./zh-TW/problems.json";
import providers from "./zh-TW/providers.json";
import roots from "./zh-TW/roots.json";
import session from "./zh-TW/session.json";
import settings from "./zh-TW/settings.json";
import shell from "./zh-TW/shell.json";
import steps from "./zh-TW/steps.json";
import strings from "./zh-TW/strings.json";
import ways from "./zh-TW/ways.json";

/** The Traditional Chinese words (Taiwan). */
export const traditionalChinese: Messages = {
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
