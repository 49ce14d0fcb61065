/**
 * Whether a parameter of no known meaning should be shown without its value: a misspelt `pasword`, or a text that
 * was cut at the wrong place and has a password inside.
 */
export function maySayASecret(name: string, value: string): boolean {
  return /pass?w|pwd|psw|secret|token|key|auth|cred/i.test(name) || /@|pass|pwd/i.test(value);
}

/**
 * Whether a parameter of another client's may be shown with its value: a number or a switch, or a name that is known
 * to hold no secret. What is left of a name that was cut, such as `sword`, is none of these.
 */
export function isHarmless(name: string, value: string): boolean {
  if (maySayASecret(name, value) || looksCut(value)) return false;
  return (
    /^(?:\d{1,9}|true|false|on|off)$/i.test(value) || harmless.has(name.toLowerCase().replace(/[ _-]/g, ""))
  );
}

/** Whether a file's name, or a word, holds signs that come from a text cut at the wrong place. */
export function looksCut(value: string): boolean {
  return /[=;&'"`\n\r@{}]|pass|assw|sswo|swor|word|pwd|secret/i.test(value) || value.length > 300;
}

/** Settings of drivers and frameworks that say nothing of who may sign in; without blanks, `_` and `-`. */
const harmless: ReadonlySet<string> = new Set(
  (
    "schema currentschema searchpath targetservertype targetsessionattrs pgbouncer timezone charset encoding " +
    "clientencoding serverversion adapter servername sslfactory sslfactoryarg wrapperplugins loglevel connectionlimit " +
    "pooltimeout pool poolmode sslidentity prepare preparethreshold binarytransfer reWriteBatchedInserts " +
    "requirepeer krbsrvname gsslib fallbackapplicationname statementtimeout locktimeout variant provider"
  )
    .toLowerCase()
    .split(" "),
);
