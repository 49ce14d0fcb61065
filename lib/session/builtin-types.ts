/**
 * The name of a built-in type as `format_type` spells it, without asking the server.
 * OIDs below 10000 are part of PostgreSQL's interface and never change (src/include/catalog/pg_type.dat).
 * @param oid      as in a row description
 * @param modifier `atttypmod`; -1 when there is none
 * @returns undefined for a type that only the server knows
 */
export function builtinType(
  oid: number,
  modifier: number,
): { readonly name: string; readonly numeric: boolean } | undefined {
  const element = arrays.get(oid);
  const name = spell(element ?? oid, modifier);
  if (name === undefined) return undefined;
  return element === undefined ? { name, numeric: numbers.has(oid) } : { name: `${name}[]`, numeric: false };
}

function spell(oid: number, modifier: number): string | undefined {
  if (modifier < 0 && oid === 1042) return "bpchar";
  if (modifier < 0 && oid === 1560) return '"bit"';
  // Which fields an interval keeps is packed in its modifier: left to the server.
  if (modifier >= 0 && oid === 1186) return undefined;
  const name = scalars.get(oid);
  if (name === undefined) return undefined;
  const [base = name, rest = ""] = name.split("|");
  return `${base}${modifier < 0 ? "" : modifierText(base, modifier)}${rest}`;
}

/** How each type packs its modifier (the `typmodout` functions of the server). */
function modifierText(base: string, modifier: number): string {
  switch (base) {
    case "character varying":
    case "character":
      return `(${modifier - 4})`;
    case "bit":
    case "bit varying":
      return `(${modifier})`;
    case "numeric": {
      const packed = modifier - 4;
      // The scale is an 11-bit number with a sign since PostgreSQL 15.
      const scale = ((packed & 0x7ff) ^ 1024) - 1024;
      return `(${(packed >> 16) & 0xffff},${scale})`;
    }
    case "timestamp":
    case "time":
      return `(${modifier})`;
    default:
      return "";
  }
}

/** `name|what follows the modifier`. */
const scalars = new Map<number, string>([
  [16, "boolean"],
  [17, "bytea"],
  [18, '"char"'],
  [19, "name"],
  [20, "bigint"],
  [21, "smallint"],
  [23, "integer"],
  [24, "regproc"],
  [25, "text"],
  [26, "oid"],
  [27, "tid"],
  [28, "xid"],
  [29, "cid"],
  [114, "json"],
  [142, "xml"],
  [600, "point"],
  [601, "lseg"],
  [602, "path"],
  [603, "box"],
  [604, "polygon"],
  [628, "line"],
  [650, "cidr"],
  [700, "real"],
  [701, "double precision"],
  [705, "unknown"],
  [718, "circle"],
  [774, "macaddr8"],
  [790, "money"],
  [829, "macaddr"],
  [869, "inet"],
  [1042, "character"],
  [1043, "character varying"],
  [1082, "date"],
  [1083, "time| without time zone"],
  [1114, "timestamp| without time zone"],
  [1184, "timestamp| with time zone"],
  [1186, "interval"],
  [1266, "time| with time zone"],
  [1560, "bit"],
  [1562, "bit varying"],
  [1700, "numeric"],
  [2205, "regclass"],
  [2206, "regtype"],
  [2249, "record"],
  [2278, "void"],
  [2950, "uuid"],
  [3220, "pg_lsn"],
  [3614, "tsvector"],
  [3615, "tsquery"],
  [3802, "jsonb"],
  [3904, "int4range"],
  [3906, "numrange"],
  [3908, "tsrange"],
  [3910, "tstzrange"],
  [3912, "daterange"],
  [3926, "int8range"],
  [4072, "jsonpath"],
]);

const numbers = new Set([20, 21, 23, 26, 700, 701, 790, 1700]);

/** Array type → its element. */
const arrays = new Map<number, number>([
  [1000, 16],
  [1001, 17],
  [1003, 19],
  [1016, 20],
  [1005, 21],
  [1007, 23],
  [1009, 25],
  [1028, 26],
  [199, 114],
  [1021, 700],
  [1022, 701],
  [1041, 869],
  [1014, 1042],
  [1015, 1043],
  [1182, 1082],
  [1183, 1083],
  [1115, 1114],
  [1185, 1184],
  [1187, 1186],
  [1270, 1266],
  [1231, 1700],
  [2951, 2950],
  [3807, 3802],
]);
