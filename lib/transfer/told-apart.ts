import "server-only";

/** Names of columns, of which those that stand there twice are told apart by a number. */
export function toldApart(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let found = name;
    for (let number = 2; taken.has(found) || (found !== name && names.includes(found)); number += 1)
      found = `${name}_${number}`;
    taken.add(found);
    return found;
  });
}
