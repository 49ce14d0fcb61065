import type { FileHandle } from "node:fs/promises";
import { type Disk, nodeDisk } from "#lib/stores/file/disk.ts";

/** One call that changes or reads the disk, as in `rename`, `write`, `sync`. */
export type Step = (call: string, count: number) => Promise<void> | void;

/**
 * The real disk, with something happening before each call that the vault makes: an error, the end of the process, or
 * only a note of it.
 */
export function diskWith(before: Step): Disk {
  let count = 0;
  const step = async (call: string) => {
    count += 1;
    await before(call, count);
  };
  const wrapped = Object.fromEntries(
    Object.entries(nodeDisk)
      .filter(([, call]) => typeof call === "function")
      .map(([name, call]) => [
        name,
        async (...given: unknown[]) => {
          await step(name);
          const result: unknown = await Reflect.apply(call as () => unknown, nodeDisk, given);
          return name === "open" ? handleWith(result as FileHandle, step) : result;
        },
      ]),
  );
  return wrapped as unknown as Disk;
}

/** A disk that writes at most so many bytes at once, as a nearly full or interrupted one does. */
export function shortWritingDisk(most: number, disk: Disk = nodeDisk): Disk {
  return {
    ...disk,
    open: async (...given: Parameters<Disk["open"]>) => {
      const handle = await disk.open(...given);
      return new Proxy(handle, {
        get: (target, name) => {
          if (name === "write") {
            return (bytes: Buffer, offset: number) =>
              target.write(bytes, offset, Math.min(most, bytes.length - offset));
          }
          return bound(target, name);
        },
      });
    },
  } as Disk;
}

/** An error as the system gives it. */
export function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: injected, ${syscall}`), { code, syscall, errno: -1 });
}

function handleWith(handle: FileHandle, step: (call: string) => Promise<void>): FileHandle {
  return new Proxy(handle, {
    get: (target, name) => {
      const value: unknown = bound(target, name);
      // Closing is let be: a handle that stays open would only be a leak of this test.
      if (typeof value !== "function" || name === "close") return value;
      return async (...given: unknown[]) => {
        await step(`handle.${String(name)}`);
        return Reflect.apply(value, target, given);
      };
    },
  });
}

function bound(target: FileHandle, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === "function" ? value.bind(target) : value;
}
