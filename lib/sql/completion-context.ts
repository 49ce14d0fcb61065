import { splitStatements } from "./split-statements.ts";
import { statementAt } from "./statement-at.ts";
import { type LexicalRules, nextToken, type Token, usualRules } from "./tokens.ts";

/** A relation that a statement names. */
export interface NamedTable {
  readonly schema: string | undefined;
  /** Undefined for a subquery or a function, of which only the alias is known. */
  readonly name: string | undefined;
  readonly alias: string | undefined;
}

/** What would fit at a place. */
export interface CompletionContext {
  /** Where the word begins that is being typed, its quote included. */
  readonly from: number;
  /** What of it is there, without quotes. */
  readonly typed: string;
  /** It begins with a double quote. */
  readonly quoted: boolean;
  /** What stands before it with dots: `a.b.` is `["a", "b"]`. */
  readonly qualifier: readonly string[];
  /** A relation is named here; else it is a place for columns, functions, keywords. */
  readonly place: "relation" | "expression" | "start";
  /** Those that can be spoken of here: of the same query and of those around it, the nearest first. */
  readonly tables: readonly NamedTable[];
  /** Names of the WITH queries of the statement. */
  readonly queries: readonly string[];
}

/**
 * What is known of a place in a script, by its words alone: the tables that the statement names, by what aliases, and
 * whether a table or something else is named at the place.
 * @returns undefined in a text, a comment or a number, where nothing is named
 */
export function completionContext(
  text: string,
  caret: number,
  rules: LexicalRules = usualRules,
): CompletionContext | undefined {
  const span = statementAt(splitStatements(text, rules), caret);
  if (span === undefined || caret < span.from || (caret >= span.until && text[span.until - 1] === ";")) {
    return emptyAt(text, caret, rules);
  }
  return contextWithin(text, span.from, Math.max(span.end, Math.min(caret, span.until)), caret, rules);
}

/** Between two statements a new one begins, unless it is in a comment. */
function emptyAt(text: string, caret: number, rules: LexicalRules): CompletionContext | undefined {
  const before = text.slice(0, caret);
  const lineStart = Math.max(before.lastIndexOf("\n"), before.lastIndexOf(";")) + 1;
  const token = nextToken(before, lineStart, rules);
  if (token !== undefined) return undefined;
  return { from: caret, typed: "", quoted: false, qualifier: [], place: "start", tables: [], queries: [] };
}

function contextWithin(
  text: string,
  from: number,
  end: number,
  caret: number,
  rules: LexicalRules,
): CompletionContext | undefined {
  const reader = new Reader(text);
  let word: Token | undefined;
  for (let token = nextToken(text, from, rules); token !== undefined && token.start < end; ) {
    const touches = token.start < caret && caret <= token.end;
    if (touches && (token.kind === "word" || token.kind === "name")) {
      if (token.kind === "name" && caret === token.end && token.open !== true) return undefined;
      word = token;
      reader.reach();
    } else if (touches && isInside(token, caret)) {
      return undefined;
    } else {
      if (word === undefined && token.start >= caret) reader.reach();
      if (token.kind !== "comment") reader.take(token);
    }
    if (token.kind === "name" && token.open === true && word === token) break;
    token = nextToken(text, token.end, rules);
  }
  reader.reach();
  reader.end();
  const quoted = word?.kind === "name";
  const start = word?.start ?? caret;
  return {
    from: start,
    typed: text.slice(quoted ? start + 1 : start, caret).replaceAll('""', '"'),
    quoted,
    ...reader.found(),
  };
}

function isInside({ kind, end, open }: Token, caret: number): boolean {
  if (kind === "sign") return false;
  if (kind === "parameter" || kind === "number" || kind === "command") return true;
  if (kind === "comment") return true;
  return caret < end || open === true;
}

interface Frame {
  readonly parent: Frame | undefined;
  readonly tables: NamedTable[];
  /** The word that a query begins with; FROM in the parentheses of a function is none of it. */
  head: string | undefined;
  isEmpty: boolean;
  /** A relation may be named next. */
  wantsTable: boolean;
  /** Between FROM and the next clause: a comma asks for another one. */
  inFrom: boolean;
  /** What was named last, while its alias may follow. */
  naming: { names: string[]; dotted: boolean; aliased: boolean; alias: string | undefined } | undefined;
}

/** Walks through the tokens of one statement. */
class Reader {
  readonly #text: string;
  #frame: Frame = newFrame(undefined);
  #before = "";
  #chain: string[] = [];
  #dotted = false;
  readonly #queries: string[] = [];
  #mayBeQuery: string | undefined;
  #inWith = false;
  #isFirst = true;
  /** `insert into t (`: the parentheses are of its columns. */
  #isInsertTarget = false;
  #place:
    | {
        readonly frame: Frame;
        readonly kind: CompletionContext["place"];
        readonly qualifier: readonly string[];
      }
    | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The place that is asked about lies here. */
  reach(): void {
    if (this.#place !== undefined) return;
    const frame = this.#frame;
    const isTable = frame.wantsTable || frame.naming?.dotted === true;
    this.#place = {
      frame,
      kind: this.#isFirst ? "start" : isTable ? "relation" : "expression",
      qualifier: this.#dotted ? [...this.#chain] : [],
    };
  }

  take(token: Token): void {
    const raw = this.#text.slice(token.start, token.end);
    const isName = token.kind === "word" || token.kind === "name";
    const said = token.kind === "word" || token.kind === "sign" ? raw.toLowerCase() : "";
    this.#follow(token, raw, isName);
    if (said === "(") this.#open();
    else if (said === ")") this.#close();
    else if (isName)
      this.#name(token.kind === "name" ? unquoted(raw) : raw.toLowerCase(), token.kind === "word");
    else this.#sign(said);
    this.#before = said;
    this.#isFirst = false;
  }

  /** The statement is over: what was named last has no alias. */
  end(): void {
    for (let frame: Frame | undefined = this.#frame; frame !== undefined; frame = frame.parent) settle(frame);
  }

  found(): Pick<CompletionContext, "qualifier" | "place" | "tables" | "queries"> {
    const tables: NamedTable[] = [];
    for (let frame = this.#place?.frame; frame !== undefined; frame = frame.parent)
      tables.push(...frame.tables);
    return {
      qualifier: this.#place?.qualifier ?? [],
      place: this.#place?.kind ?? "start",
      tables,
      queries: this.#queries,
    };
  }

  /** `a.b.`: the names before a place. */
  #follow(token: Token, raw: string, isName: boolean): void {
    if (isName) {
      const name = token.kind === "name" ? unquoted(raw) : raw.toLowerCase();
      this.#chain = this.#dotted ? [...this.#chain, name] : [name];
      this.#dotted = false;
    } else if (raw === "." && this.#chain.length > 0 && !this.#dotted) {
      this.#dotted = true;
    } else {
      this.#chain = [];
      this.#dotted = false;
    }
  }

  #open(): void {
    const frame = this.#frame;
    if (
      this.#mayBeQuery !== undefined &&
      this.#inWith &&
      this.#before !== "as" &&
      this.#before !== "materialized"
    ) {
      // `with q (a, b) as (…)`: the list of its columns.
    } else if (this.#mayBeQuery !== undefined && this.#inWith) {
      this.#queries.push(this.#mayBeQuery);
      this.#mayBeQuery = undefined;
    }
    if (frame.naming !== undefined && !frame.naming.aliased && !this.#isInsertTarget) {
      // A function in FROM: only its alias is known.
      frame.naming.names = [];
    } else if (frame.wantsTable) {
      frame.naming = { names: [], dotted: false, aliased: false, alias: undefined };
      frame.wantsTable = false;
    }
    this.#frame = newFrame(frame);
  }

  #close(): void {
    settle(this.#frame);
    this.#frame = this.#frame.parent ?? this.#frame;
  }

  #sign(said: string): void {
    const frame = this.#frame;
    if (said === "." && frame.naming !== undefined && !frame.naming.aliased) {
      frame.naming.dotted = true;
      return;
    }
    settle(frame);
    if (said === ",") {
      if (frame.inFrom) frame.wantsTable = true;
      if (this.#inWith && frame.parent === undefined) this.#mayBeQuery = "";
    }
    frame.isEmpty = false;
  }

  #name(name: string, isBare: boolean): void {
    const frame = this.#frame;
    const isFirst = frame.isEmpty;
    frame.isEmpty = false;
    const { naming } = frame;
    if (naming?.dotted === true) {
      naming.names.push(name);
      naming.dotted = false;
      return;
    }
    const word = isBare ? name : "";
    if (queryHeads.has(word)) frame.head ??= word;
    if (this.#inWith && this.#mayBeQuery === "" && word !== "recursive") {
      this.#mayBeQuery = name;
      return;
    }
    if (word === "with" && (isFirst || this.#isFirst)) {
      this.#inWith = true;
      this.#mayBeQuery = "";
      return;
    }
    if (naming !== undefined && word === "as") return;
    if (naming !== undefined && naming.alias === undefined && !clauses.has(word)) {
      naming.alias = name;
      naming.aliased = true;
      settle(frame);
      return;
    }
    if (clauses.has(word)) {
      settle(frame);
      this.#clause(frame, word, isFirst);
      return;
    }
    if (frame.wantsTable && !fillers.has(word)) {
      frame.wantsTable = false;
      frame.naming = { names: [name], dotted: false, aliased: false, alias: undefined };
    }
  }

  #clause(frame: Frame, word: string, isFirst: boolean): void {
    if (frame.parent === undefined && queryHeads.has(word) && word !== "with") {
      this.#inWith = false;
      this.#mayBeQuery = undefined;
    }
    this.#isInsertTarget = word === "into";
    if (word === "join") {
      frame.wantsTable = true;
    } else if (word === "from" || word === "using") {
      // `extract(year from a)`, `is distinct from a` and `join … using (a)` name none.
      const isQuery = frame.head !== undefined || frame.parent === undefined;
      frame.wantsTable =
        word === "from"
          ? isQuery && this.#before !== "distinct"
          : frame.head === "delete" || frame.head === "merge";
      if (frame.wantsTable) frame.inFrom = true;
    } else if (word === "update" || word === "into" || word === "table" || word === "truncate") {
      // `for update`, `do update`, `on update` name none.
      frame.wantsTable = word !== "update" || isFirst || !updateBefore.has(this.#before);
      frame.inFrom = false;
    } else if (!joinWords.has(word)) {
      frame.wantsTable = false;
      frame.inFrom = false;
    } else {
      frame.wantsTable = false;
    }
  }
}

function newFrame(parent: Frame | undefined): Frame {
  return {
    parent,
    tables: [],
    head: undefined,
    isEmpty: true,
    wantsTable: false,
    inFrom: false,
    naming: undefined,
  };
}

/** Notes what was named, now that it is known by what alias. */
function settle(frame: Frame): void {
  const { naming } = frame;
  frame.naming = undefined;
  if (naming === undefined) return;
  const name = naming.names.at(-1);
  if (name === undefined && naming.alias === undefined) return;
  frame.tables.push({ schema: naming.names.at(-2), name, alias: naming.alias });
}

function unquoted(raw: string): string {
  return raw.slice(1, raw.endsWith('"') && raw.length > 1 ? -1 : undefined).replaceAll('""', '"');
}

const queryHeads = new Set(["select", "with", "values", "table", "insert", "update", "delete", "merge"]);
const joinWords = new Set(["join", "left", "right", "full", "inner", "cross", "natural", "outer", "on"]);
const updateBefore = new Set(["for", "key", "do", "on", "then", "or", "before", "after", "of", "grant"]);
/** They stand between FROM and a name. */
const fillers = new Set(["only", "lateral", "if", "not", "exists", "concurrently"]);
/** Words that are no alias. */
const clauses = new Set([
  ...queryHeads,
  ...joinWords,
  ...`from into using where group having order limit offset fetch for union except intersect set returning window
  default on when then tablesample truncate do add alter drop cascade restrict to as rename owner partition inherits
  with`.split(/\s+/),
]);
clauses.delete("as");
