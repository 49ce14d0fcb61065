import "server-only";
import { homedir, userInfo } from "node:os";

/**
 * Who runs this process, as libpq asks the system for it. A container may run as a number that no account has: then
 * there is no name, and files in a home folder are not there.
 */
export function thisUser(): { readonly name: string; readonly home: string } {
  return { name: orElse(() => userInfo().username, ""), home: orElse(homedir, noHome) };
}

/** Nothing lies below a file that is no folder: reading there says ENOTDIR, as for any file that is missing. */
const noHome = "/dev/null/home";

function orElse(ask: () => string, otherwise: string): string {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}
