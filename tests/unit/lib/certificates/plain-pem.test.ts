import { expect, test } from "vitest";
import { pemBlocks, pemTextProblem } from "#lib/certificates/pem-kind.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";

const leaf = await makeCertificate({ commonNames: ["app"] });
const many = leaf.pem.repeat(390);

test.each<[string, string]>([
  ["clean", many],
  ["CRLF", many.replaceAll("\n", "\r\n")],
  ["quoted", many.replace(/^/gm, "> ")],
  ["JSON", JSON.stringify(many)],
  ["percent-encoded", encodeURIComponent(many)],
  ["HTML", many.replaceAll("\n", "&#10;")],
  ["entities that are none", `BEGIN ${"&#".repeat(250_000)}`],
  ["entities in entities", `BEGIN &${"amp;".repeat(120_000)}`],
  ["percent signs", `BEGIN ${"%25".repeat(160_000)}`],
  ["backslashes", `BEGIN ${"\\".repeat(500_000)}`],
  ["tags that do not close", `BEGIN ${"<br ".repeat(120_000)}`],
  ["hyphens apart", `BEGIN ${"- ".repeat(250_000)}`],
  ["hyphens", `BEGIN ${"-".repeat(500_000)}`],
  ["words", "BEGIN ".repeat(80_000)],
  ["numbered lines", `1 -----BEGIN A-----\n${"1 \n".repeat(160_000)}`],
  ["quotes", `-----BEGIN A-----${'" + '.repeat(120_000)}`],
  ["blanks", `-----BEGIN A-----${" ".repeat(500_000)}x`],
  ["ends", `-----BEGIN A-----${"-----END ".repeat(50_000)}`],
  ["blanks between words", `-----BEGIN A-----${"a ".repeat(250_000)}`],
  ["escapes of a terminal", `BEGIN ${"\u001b[".repeat(200_000)}`],
])("half a megabyte takes no time to look through: %s", (_name, text) => {
  const began = performance.now();
  pemBlocks(text);
  pemTextProblem("ca", text);
  // Some 50 ms each; the machine may be busy. What grew with the square of the length took minutes.
  expect(performance.now() - began).toBeLessThan(1500);
});
