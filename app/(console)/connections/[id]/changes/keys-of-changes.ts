/** The keys by which rows are changed; what each does is `changes.keys`. */
export const keysOfChanges = [
  ["edit", "F2, Enter"],
  ["keep", "Tab, Enter"],
  ["undo", "Esc"],
  ["null", "Ctrl+Alt+N"],
  ["default", "Ctrl+Alt+D"],
  ["choose", "Space"],
  ["delete", "Delete"],
  ["add", "Ctrl+Alt+Insert"],
  ["copy", "Ctrl+Alt+Shift+Insert"],
  ["review", "Ctrl+S"],
] as const;
