/** How the draft of a table's pending changes begins: it is none of a SQL tab's. */
export const changesMark = '{"changesOf":';
