/** See scratch-console.mjs: plain JavaScript, so that the measures without TypeScript need no loader. */
export function scratchConsole(options?: {
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: readonly string[];
  readonly seed?: (folders: Record<string, string>) => Promise<void>;
}): Promise<{
  readonly url: string;
  readonly pid: number;
  readonly msToFirstAnswer: number;
  readonly setupToken: string;
  stop(): Promise<void>;
}>;
export function answered(url: string, child: { readonly exitCode: number | null }): Promise<void>;
export function freePort(): Promise<number>;
export function pause(ms: number): Promise<void>;
export function median(numbers: readonly number[]): number;
