import type { ProviderGuide, TrustGuide } from "#lib/providers/guide.ts";
import { publicRootFiles } from "#lib/providers/public-root-files.ts";
import { compareCertificate } from "./compare-certificate.ts";
import { installRoot } from "./install-root.ts";
import { keepCaFile } from "./keep-ca-file.ts";
import type { Platform, PlatformGuide } from "./platform-guide.ts";

/** A trust guide written out, its platforms in reading order. */
export function trustSteps(trust: TrustGuide, { psql }: ProviderGuide): readonly PlatformGuide[] {
  switch (trust.kind) {
    case "system-root": {
      const roots = trust.roots.map((id) => publicRootFiles[id]);
      return installRoot(roots, psql.rootCertOnWindows ?? publicRootFiles[trust.roots[0]].file);
    }
    case "ca-file":
      return keepCaFile(trust.file);
    case "self-signed":
      return compareCertificate(trust.host, trust.port);
  }
}

/**
 * The guides with this host's own first, the others behind it in their order.
 * @param host undefined where the host is none of them
 */
export function hostFirst(
  guides: readonly PlatformGuide[],
  host: Platform | undefined,
): { readonly here: PlatformGuide | undefined; readonly others: readonly PlatformGuide[] } {
  const isLinux = host !== undefined && host !== "macos" && host !== "windows";
  const here = guides.find(({ platform }) => platform === host || (isLinux && platform === "linux"));
  return { here, others: guides.filter((guide) => guide !== here) };
}
