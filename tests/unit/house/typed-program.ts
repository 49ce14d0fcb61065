import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "../../..");
/** What the doors and rooms of the console are made of; tests look at their results by failing. */
const folders = ["app", "bin", "components", "lib"];

export interface TypedProgram {
  /** The files of the console and those that were planted. */
  readonly files: readonly ts.SourceFile[];
  readonly checker: ts.TypeChecker;
  /** A file's path from the repository's root, with forward slashes, and a line. */
  placeOf(node: ts.Node): string;
}

/**
 * The console as the TypeScript compiler sees it. Making one takes seconds: checks that need types share it.
 * @param planted files that are not on the disk, by their path from the repository's root
 */
export function typedProgram(planted: Readonly<Record<string, string>> = {}): TypedProgram {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const texts = new Map(Object.entries(planted).map(([path, text]) => [join(root, path), text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? getSourceFile(path, version, ...rest)
      : ts.createSourceFile(path, text, version);
  };
  const names = [...folders.flatMap(filesBelow), ...texts.keys()];
  const program = ts.createProgram(names, { ...options, incremental: false, noEmit: true }, host);
  const ours = new Set(names);
  return {
    files: program.getSourceFiles().filter(({ fileName }) => ours.has(fileName)),
    checker: program.getTypeChecker(),
    placeOf: (node) => {
      const file = node.getSourceFile();
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      return `${relative(root, file.fileName).split(sep).join("/")}:${line + 1}`;
    },
  };
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
