/** What the address of a list asks for. */
export interface ListQuery {
  /** Without blanks around it, 200 characters at most; empty for all. */
  readonly search: string;
  /** From 1. */
  readonly page: number;
}

/** `?search=` and `?page=` of a list, as they came; what is no page is the first. */
export function listQuery(
  asked: Readonly<Record<string, string | readonly string[] | undefined>>,
): ListQuery {
  const page = Number.parseInt(firstOf(asked.page), 10);
  return { search: firstOf(asked.search).slice(0, 200).trim(), page: page > 0 ? page : 1 };
}

function firstOf(value: string | readonly string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
