import { type RawNode, textOf } from "./plan-json.ts";

export interface NodeName {
  /** As the text form of EXPLAIN writes it: `Hash Left Join`, `Index Scan Backward using item_pkey`. */
  readonly does: string;
  /** What it works on, with the name that the statement gives it; empty where there is nothing. */
  readonly on: string;
}

/** The name of a node by the rules of ExplainNode (src/backend/commands/explain.c). */
export function nodeName(node: RawNode): NodeName {
  const prefix = `${node["Async Capable"] === true ? "Async " : ""}${node["Parallel Aware"] === true ? "Parallel " : ""}`;
  return { does: `${prefix}${kindOf(node)}${directionOf(node)}${indexOf(node)}`, on: targetOf(node) };
}

function kindOf(node: RawNode): string {
  const type = textOf(node, "Node Type");
  switch (type) {
    case "Nested Loop":
    case "Hash Join":
    case "Merge Join":
      return joinOf(type, textOf(node, "Join Type"));
    case "Aggregate": {
      const mode = textOf(node, "Partial Mode");
      const name = aggregates[textOf(node, "Strategy")] ?? type;
      return mode === "Partial" || mode === "Finalize" ? `${mode} ${name}` : name;
    }
    case "SetOp":
      return [textOf(node, "Strategy") === "Hashed" ? "HashSetOp" : type, textOf(node, "Command")]
        .filter((word) => word !== "")
        .join(" ");
    case "ModifyTable":
      return textOf(node, "Operation") || type;
    case "Foreign Scan":
      return /^(Insert|Update|Delete)$/.test(textOf(node, "Operation"))
        ? `Foreign ${textOf(node, "Operation")}`
        : type;
    case "Custom Scan":
      return `${type} (${textOf(node, "Custom Plan Provider")})`;
    default:
      return type;
  }
}

const aggregates: Readonly<Record<string, string>> = {
  Plain: "Aggregate",
  Sorted: "GroupAggregate",
  Hashed: "HashAggregate",
  Mixed: "MixedAggregate",
};

function joinOf(type: string, join: string): string {
  if (join === "" || join === "Inner") return type;
  return type === "Nested Loop" ? `${type} ${join} Join` : `${type.replace(/ Join$/, "")} ${join} Join`;
}

function directionOf(node: RawNode): string {
  const isBackward = textOf(node, "Scan Direction") === "Backward";
  return isBackward && /^Index/.test(textOf(node, "Node Type")) ? " Backward" : "";
}

function indexOf(node: RawNode): string {
  const index = textOf(node, "Index Name");
  return index === "" || textOf(node, "Node Type") === "Bitmap Index Scan" ? "" : ` using ${index}`;
}

function targetOf(node: RawNode): string {
  if (textOf(node, "Node Type") === "Bitmap Index Scan") return textOf(node, "Index Name");
  const name =
    ["Relation Name", "Function Name", "Table Function Name", "CTE Name", "Tuplestore Name"]
      .map((property) => textOf(node, property))
      .find((text) => text !== "") ?? "";
  const schema = textOf(node, "Schema");
  const alias = textOf(node, "Alias");
  const full = schema === "" || name === "" ? name : `${schema}.${name}`;
  return alias === "" || alias === name ? full : `${full} ${alias}`.trim();
}
