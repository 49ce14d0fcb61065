import { expect, test } from "vitest";
import { hostPlatform, linuxFamily } from "#lib/guides/host-platform.ts";

const nothing = async () => "";

test("D4: macOS and Windows are told by the platform, others have no guide", async () => {
  expect(await hostPlatform("darwin", nothing)).toBe("macos");
  expect(await hostPlatform("win32", nothing)).toBe("windows");
  expect(await hostPlatform("freebsd", nothing)).toBeUndefined();
});

test.each([
  ["debian", 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n'],
  ["debian", "ID=ubuntu\nID_LIKE=debian\n"],
  ["debian", 'ID=elementary\nID_LIKE="ubuntu debian"\n'],
  ["redhat", 'ID="rhel"\nID_LIKE="fedora"\n'],
  ["redhat", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'],
  ["redhat", "ID=fedora\n"],
  ["redhat", 'ID="amzn"\nID_LIKE="fedora"\n'],
  ["suse", 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n'],
  ["alpine", "ID=alpine\n"],
  ["arch", "ID=arch\n"],
  ["linux", "ID=nixos\n"],
  ["linux", "VERSION_ID=debian\n"],
  ["linux", ""],
] as const)("D4: %s is told from os-release: %j", async (family, text) => {
  expect(linuxFamily(text)).toBe(family);
  expect(await hostPlatform("linux", async () => text)).toBe(family);
});
