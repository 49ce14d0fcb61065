/** How the TLS of a connection looked when it was last tried, the most urgent first. */
export const tlsStates = ["failed", "plain", "none", "pinned", "ca", "full", "never"] as const;
export type TlsState = (typeof tlsStates)[number];

/** What a list of connections can be put in order by. */
export const sortColumns = ["name", "host", "environment", "tls", "days", "tried"] as const;
export type SortColumn = (typeof sortColumns)[number];

/** Certificates that end within so many days are pointed out. */
export const expiringDays = 30;

/** So many connections are changed by one press at most; more go in several requests. */
export const mostAtOnce = 500;
