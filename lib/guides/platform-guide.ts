/** What a guide is written for. `linux` is any of them, where they do not differ. */
export const platforms = ["redhat", "debian", "suse", "alpine", "arch", "linux", "macos", "windows"] as const;
export type Platform = (typeof platforms)[number];

export type Shell = "sh" | "cmd" | "powershell";

/** Something to copy into a shell; several lines run one after the other. */
export interface Command {
  readonly shell: Shell;
  readonly text: string;
}

/** One step: what it is for, and the commands. */
export interface PlatformStep {
  /** A key of `guides.steps`. */
  readonly id: StepId;
  /** For the words' places. */
  readonly values?: Readonly<Record<string, string>>;
  /** None where a step only says something. */
  readonly commands: readonly Command[];
  /** What the last command prints when all is well. */
  readonly expect?: readonly string[];
}

export type StepId = keyof typeof import("#messages/en/guides.json")["steps"];

export interface PlatformGuide {
  readonly platform: Platform;
  readonly steps: readonly PlatformStep[];
}

export function sh(...lines: readonly string[]): Command {
  return { shell: "sh", text: lines.join("\n") };
}

export function cmd(...lines: readonly string[]): Command {
  return { shell: "cmd", text: lines.join("\n") };
}

export function powershell(...lines: readonly string[]): Command {
  return { shell: "powershell", text: lines.join("\n") };
}
