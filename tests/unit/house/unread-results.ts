import ts from "typescript";
import type { TypedProgram } from "./typed-program.ts";

/**
 * Where the outcome of what may fail is thrown away: a `Result`, an action's `Answer`, whatever else has `ok: false`
 * among its types; as it is, awaited, voided, in a list, or given to a callback nobody takes anything from.
 * @returns a line each: place, expression
 */
export function unreadResults(program: TypedProgram): readonly string[] {
  const { checker } = program;
  const found: string[] = [];

  function visit(node: ts.Node): void {
    const thrownAway = ts.isExpressionStatement(node)
      ? valuesOf(node.expression).filter((value) => mayFail(checker, checker.getTypeAtLocation(value)))
      : isFunctionForNothing(checker, node)
        ? [node]
        : [];
    for (const value of thrownAway) found.push(`${program.placeOf(value)} ${firstLine(value)}`);
    ts.forEachChild(node, visit);
  }

  for (const file of program.files) ts.forEachChild(file, visit);
  return found;
}

/** The values that a statement leaves behind: an assignment leaves none. */
function valuesOf(expression: ts.Expression): readonly ts.Expression[] {
  if (
    ts.isVoidExpression(expression) ||
    ts.isAwaitExpression(expression) ||
    ts.isParenthesizedExpression(expression) ||
    ts.isNonNullExpression(expression) ||
    ts.isAsExpression(expression)
  ) {
    return valuesOf(expression.expression);
  }
  if (ts.isConditionalExpression(expression)) {
    return [...valuesOf(expression.whenTrue), ...valuesOf(expression.whenFalse)];
  }
  if (!ts.isBinaryExpression(expression)) return [expression];
  switch (expression.operatorToken.kind) {
    case ts.SyntaxKind.CommaToken:
      return [...valuesOf(expression.left), ...valuesOf(expression.right)];
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return valuesOf(expression.right);
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return [...valuesOf(expression.left), ...valuesOf(expression.right)];
    default:
      return [];
  }
}

/** Whether a failure can be in it, also once it is waited for, or in one of many. */
function mayFail(checker: ts.TypeChecker, type: ts.Type): boolean {
  const awaited = checker.getAwaitedType(type) ?? type;
  const parts = awaited.isUnion() ? awaited.types : [awaited];
  return parts.some((part) => {
    if (checker.isArrayType(part) || checker.isTupleType(part)) {
      const members = checker
        .getTypeArguments(part as ts.TypeReference)
        .flatMap((one) => (one.isUnion() ? one.types : [one]));
      return members.some((one) => saysFailed(checker, one));
    }
    return saysFailed(checker, part);
  });
}

function saysFailed(checker: ts.TypeChecker, type: ts.Type): boolean {
  const ok = type.getProperty("ok");
  return ok !== undefined && checker.typeToString(checker.getTypeOfSymbol(ok)) === "false";
}

/** Whether a function whose outcome may be a failure stands where one that gives nothing is asked for. */
function isFunctionForNothing(checker: ts.TypeChecker, node: ts.Node): node is ts.Expression {
  const isHandedOver =
    (ts.isCallExpression(node.parent) && (node.parent.arguments as readonly ts.Node[]).includes(node)) ||
    ts.isJsxExpression(node.parent) ||
    (ts.isPropertyAssignment(node.parent) && node.parent.initializer === node) ||
    ts.isReturnStatement(node.parent);
  const isFunctionLike =
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isIdentifier(node) ||
    ts.isPropertyAccessExpression(node);
  if (!isHandedOver || !isFunctionLike) return false;
  const [own] = checker.getTypeAtLocation(node).getCallSignatures();
  if (own === undefined || !mayFail(checker, own.getReturnType())) return false;
  const asked = checker.getContextualType(node)?.getNonNullableType().getCallSignatures() ?? [];
  return asked.length > 0 && asked.every((signature) => isNothing(checker, signature.getReturnType()));
}

function isNothing(checker: ts.TypeChecker, type: ts.Type): boolean {
  const awaited = checker.getAwaitedType(type) ?? type;
  const parts = awaited.isUnion() ? awaited.types : [awaited];
  return parts.every(({ flags }) => (flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) !== 0);
}

function firstLine(node: ts.Node): string {
  return node.getText().split("\n", 1)[0] ?? "";
}
