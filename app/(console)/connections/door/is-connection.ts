/** Whether a text is one connection or several, as the form's own reader says; that is loaded when it is asked first. */
export async function isConnection(text: string): Promise<boolean> {
  const { stringEdit } = await import("../form/string-edit.ts");
  const { several, parsed } = stringEdit("", text);
  return several !== undefined || parsed?.values.host !== undefined;
}
