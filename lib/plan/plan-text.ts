import { nodeName } from "./node-name.ts";
import { numberOf, partOf, partsOf, type RawNode, readPlanJson, textOf } from "./plan-json.ts";

/**
 * The text form of a plan, for people who are used to it or paste it elsewhere: made of the JSON that is there already,
 * so that nothing is run again for it. In the manner of `EXPLAIN`; some of its lines are set otherwise.
 */
export function planText(json: string): string {
  const read = readPlanJson(json);
  if (read === undefined) return json;
  const { top, whole } = read;
  const lines: string[] = [];
  write(top, 0, lines);
  const settings = Object.entries(partOf(whole, "Settings") ?? {});
  if (settings.length > 0)
    lines.push(`Settings: ${settings.map(([name, value]) => `${name} = '${String(value)}'`).join(", ")}`);
  const planning = partOf(whole, "Planning");
  if (planning !== undefined && propertiesOf(planning).length > 0)
    lines.push("Planning:", ...propertiesOf(planning).map((line) => `  ${line}`));
  for (const [name, unit] of [["Planning Time", " ms"]] as const) note(whole, name, unit, lines);
  for (const trigger of partsOf(whole, "Triggers")) {
    const name = textOf(trigger, "Trigger Name");
    const constraint = textOf(trigger, "Constraint Name");
    const of = constraint === "" ? name : `for constraint ${constraint}`;
    lines.push(`Trigger ${of}: time=${numberOf(trigger, "Time")} calls=${numberOf(trigger, "Calls")}`);
  }
  const jit = partOf(whole, "JIT");
  if (jit !== undefined) lines.push("JIT:", ...propertiesOf(jit).map((line) => `  ${line}`));
  const serialization = partOf(whole, "Serialization");
  if (serialization !== undefined)
    lines.push(
      `Serialization: time=${numberOf(serialization, "Time")} ms output=${numberOf(serialization, "Output Volume")}kB format=${textOf(serialization, "Format")}`,
    );
  note(whole, "Execution Time", " ms", lines);
  return lines.join("\n");
}

function note(node: RawNode, name: string, unit: string, lines: string[]): void {
  const value = numberOf(node, name);
  if (value !== undefined) lines.push(`${name}: ${value.toFixed(3)}${unit}`);
}

function write(node: RawNode, depth: number, lines: string[]): void {
  if (depth > deepest) return;
  const { does, on } = nodeName(node);
  const indent = depth === 0 ? "" : `${"      ".repeat(depth - 1)}  ->  `;
  const subplan = textOf(node, "Subplan Name");
  if (subplan !== "") lines.push(`${"      ".repeat(Math.max(0, depth - 1))}  ${subplan}`);
  lines.push(`${indent}${does}${on === "" ? "" : ` on ${on}`}  ${costOf(node)}${actualOf(node)}`);
  const under = " ".repeat(depth * 6 + 2);
  for (const line of propertiesOf(node)) lines.push(`${under}${line}`);
  for (const below of partsOf(node, "Plans")) write(below, depth + 1, lines);
}

const deepest = 500;

function costOf(node: RawNode): string {
  const fixed = (name: string) => (numberOf(node, name) ?? 0).toFixed(2);
  return `(cost=${fixed("Startup Cost")}..${fixed("Total Cost")} rows=${numberOf(node, "Plan Rows") ?? 0} width=${numberOf(node, "Plan Width") ?? 0})`;
}

function actualOf(node: RawNode): string {
  const loops = numberOf(node, "Actual Loops");
  if (loops === undefined) return "";
  if (loops === 0) return " (never executed)";
  const fixed = (name: string) => numberOf(node, name)?.toFixed(3);
  const time =
    fixed("Actual Total Time") === undefined
      ? ""
      : `time=${fixed("Actual Startup Time")}..${fixed("Actual Total Time")} `;
  return ` (actual ${time}rows=${numberOf(node, "Actual Rows") ?? 0} loops=${loops})`;
}

/** What the first line says. */
const inName = new Set([
  "Node Type",
  "Strategy",
  "Partial Mode",
  "Parent Relationship",
  "Subplan Name",
  "Parallel Aware",
  "Async Capable",
  "Scan Direction",
  "Join Type",
  "Operation",
  "Command",
  "Index Name",
  "Relation Name",
  "Function Name",
  "Table Function Name",
  "CTE Name",
  "Tuplestore Name",
  "Schema",
  "Alias",
  "Startup Cost",
  "Total Cost",
  "Plan Rows",
  "Plan Width",
  "Actual Startup Time",
  "Actual Total Time",
  "Actual Rows",
  "Actual Loops",
  "Plans",
]);

/** Properties of a node beyond its first line, a line each, but what is nothing: `Filter: (a = 1)`. */
export function propertiesOf(node: RawNode): readonly string[] {
  return Object.entries(node).flatMap(([name, value]) => {
    if (inName.has(name) || value === 0 || value === false || value === null) return [];
    if (name === "Workers") return [];
    const text = textIn(value);
    return text === "" ? [] : [`${name}: ${text}`];
  });
}

function textIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(textIn).join(", ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([name, one]) => `${name} ${textIn(one)}`)
      .join(", ");
  return String(value);
}
