/** Where Microsoft Entra signs people and programs in, and what a token for PostgreSQL is asked for there. */
export interface EntraCloud {
  readonly id: "public" | "us-government" | "china";
  /** Base address of the sign-in service. */
  readonly authority: string;
  /** The scope whose tokens Azure's PostgreSQL services take as a password. */
  readonly scope: string;
}

/**
 * The Azure cloud that a host belongs to; the public one where the name tells nothing.
 * Scopes as the Azure CLI has them (`az cloud show --query endpoints.ossrdbmsResourceId`).
 */
export function entraCloudOf(host: string): EntraCloud {
  const name = host.trim().toLowerCase().replace(/\.$/, "");
  if (name.endsWith(".usgovcloudapi.net")) return usGovernment;
  if (name.endsWith(".chinacloudapi.cn")) return china;
  return publicCloud;
}

const publicCloud: EntraCloud = {
  id: "public",
  authority: "https://login.microsoftonline.com",
  scope: "https://ossrdbms-aad.database.windows.net/.default",
};

const usGovernment: EntraCloud = {
  id: "us-government",
  authority: "https://login.microsoftonline.us",
  scope: "https://ossrdbms-aad.database.usgovcloudapi.net/.default",
};

const china: EntraCloud = {
  id: "china",
  authority: "https://login.partner.microsoftonline.cn",
  scope: "https://ossrdbms-aad.database.chinacloudapi.cn/.default",
};
