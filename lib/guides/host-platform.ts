import "server-only";
import { readFile } from "node:fs/promises";
import type { Platform } from "./platform-guide.ts";

/**
 * What this console runs on, in the guides' terms. A container answers with its own image, which is what counts: its
 * trust store is the one that is read.
 * @returns undefined for what no guide is written for
 */
export async function hostPlatform(
  platform: NodeJS.Platform = process.platform,
  osRelease: () => Promise<string> = readOsRelease,
): Promise<Platform | undefined> {
  if (platform === "darwin") return "macos";
  if (platform === "win32") return "windows";
  if (platform !== "linux") return undefined;
  return linuxFamily(await osRelease());
}

/**
 * The family from os-release(5): `ID` first, then what it says it is like, nearest first.
 * @returns `linux` for one that names none of the families
 */
export function linuxFamily(osRelease: string): Platform {
  const field = (name: string) =>
    new RegExp(`^${name}=["']?([^"'\\n]*)`, "m").exec(osRelease)?.[1]?.toLowerCase() ?? "";
  const names = [field("ID"), ...field("ID_LIKE").split(/\s+/)];
  for (const name of names) {
    const family = families.find(([, members]) => members.test(name))?.[0];
    if (family !== undefined) return family;
  }
  return "linux";
}

const families: readonly (readonly [Platform, RegExp])[] = [
  ["debian", /^(?:debian|ubuntu|raspbian|linuxmint|pop|kali)$/],
  ["redhat", /^(?:rhel|fedora|centos|rocky|almalinux|ol|amzn|mariner|azurelinux)$/],
  ["suse", /^(?:suse|sles|sled|opensuse.*)$/],
  ["alpine", /^(?:alpine|wolfi|chainguard)$/],
  ["arch", /^(?:arch|archarm|manjaro|endeavouros)$/],
];

async function readOsRelease(): Promise<string> {
  for (const path of ["/etc/os-release", "/usr/lib/os-release"]) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return text;
  }
  return "";
}
