import type { ChainDrawing, ChainPlace } from "#lib/connect/chain/chain-drawing.ts";
import type { ProviderGuide } from "#lib/providers/guide.ts";
import type { Provider } from "#lib/providers/list.ts";
import type { RootsHere } from "#lib/trust/roots-here.ts";

/**
 * A provider's chain as its guide draws it: an example of a host, and the root that answers for its certificate, with
 * what this host's own store says of it at this moment.
 */
export function providerChain(
  { rootsSource }: Pick<Provider, "rootsSource">,
  { psql, trust }: Pick<ProviderGuide, "psql" | "trust">,
  { roots, system }: RootsHere,
): ChainDrawing {
  const host: ChainPlace = {
    role: "host",
    name: psql.host,
    mark: psql.mode === "verify-full" ? "sound" : "open",
    link: { tie: "names", mark: psql.mode === "verify-full" ? "sound" : "open" },
  };
  const leaf: ChainPlace = {
    role: "leaf",
    name: "",
    mark: "sound",
    link: { tie: "issued", mark: "sound" },
  };
  if (trust[0]?.kind === "self-signed")
    return [
      host,
      { ...leaf, loop: "sound", link: { tie: "pinned", mark: "sound" } },
      { role: "pin", name: "own", mark: "sound" },
    ];
  // No public authority signs servers with its root, and neither does RDS.
  const between: ChainPlace[] = rootsSource === "none" ? [] : [{ ...leaf, role: "intermediate" }];
  const usesSystem = psql.rootCert === "system";
  const isHere = !usesSystem || (system !== undefined && roots.every(({ inSystem }) => inSystem === true));
  const [only, ...others] = roots;
  const root: ChainPlace = {
    role: "root",
    name:
      roots.length === 0
        ? (psql.rootCert ?? "")
        : roots
            .slice(0, mostNamed)
            .map(({ name }) => name)
            .join(" · ") + (roots.length > mostNamed ? " …" : ""),
    mark: "sound",
    loop: "sound",
    ...(only !== undefined && others.length === 0 && { sha256: only.sha256 }),
    link: isHere
      ? { tie: "trusted", mark: "sound" }
      : { tie: "trusted", mark: "warn", fault: "tls-unknown-ca" },
  };
  const store = usesSystem ? "system" : rootsSource === "rds-bundle" ? "provider" : "own";
  return [host, leaf, ...between, root, { role: "store", name: store, mark: isHere ? "sound" : "warn" }];
}

/** The rest stands in the table below. */
const mostNamed = 2;
