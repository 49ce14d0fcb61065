import { posix } from "node:path";
import ts from "typescript";
import type { SourceFile } from "./source-files.ts";

export interface Import {
  /** A path from the repository's root, or a package's name. */
  readonly target: string;
  readonly kind: "value" | "type" | "side effect" | "dynamic" | "re-export";
}

/**
 * Everything that a file imports, read with TypeScript's own parser, so that neither the spelling nor the place of an
 * import hides it: static, type-only, `import("…")` as a value and as a type, side effects, re-exports.
 */
export function importsOf(file: SourceFile): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, kind: Import["kind"]) => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier))
      found.push({ target: targetOf(file.path, specifier.text), kind });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, kindOf(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, "re-export");
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      add(node.moduleReference.expression, "value");
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, "type");
    else if (ts.isCallExpression(node) && loads(node.expression)) add(node.arguments[0], "dynamic");
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, false, scriptKind(file.path)));
  return found;
}

/** The package that a target belongs to: `@scope/name/part` is of `@scope/name`; Node's own modules are `node`. */
export function packageOf(target: string): string {
  if (target.startsWith("node:")) return "node";
  const [first = "", second = ""] = target.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

function loads(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require")
  );
}

function kindOf(node: ts.ImportDeclaration): Import["kind"] {
  const { importClause } = node;
  if (importClause === undefined) return "side effect";
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return "type";
  const names = importClause.namedBindings;
  const onlyTypes =
    importClause.name === undefined &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.length > 0 &&
    names.elements.every(({ isTypeOnly }) => isTypeOnly);
  return onlyTypes ? "type" : "value";
}

function targetOf(path: string, specifier: string): string {
  if (specifier.startsWith("#")) return specifier.slice(1);
  if (specifier.startsWith(".")) return posix.join(posix.dirname(path), specifier);
  return specifier;
}

function scriptKind(path: string): ts.ScriptKind {
  return path.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
}
