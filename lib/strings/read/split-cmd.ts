/**
 * The words of one line of the Windows command prompt, as a program finds them: cmd fills in variables and undoes
 * carets, then the program's runtime parts the words ("Parsing C command-line arguments").
 * @param variables what is known to be set; an unknown `%NAME%` stays as it is
 */
export function splitCmd(line: string, variables: ReadonlyMap<string, string>): readonly string[] {
  const filled = line.replace(/%(\w{1,80})%/g, (whole, name: string) => variables.get(name) ?? whole);
  return runtimeWords(withoutCarets(filled));
}

/** cmd's caret takes the next sign as it is, outside of quotation marks; a mark that was taken so opens none. */
export function withoutCarets(text: string): string {
  let plain = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === "^" && !quoted) {
      at += 1;
      plain += text.charAt(at);
      continue;
    }
    if (letter === '"') quoted = !quoted;
    plain += letter;
  }
  return plain;
}

/** Backslashes count only before a quotation mark, where two are one and the odd one makes the mark a letter. */
function runtimeWords(line: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let begun = false;
  let quoted = false;
  let at = 0;
  while (at < line.length) {
    const letter = line.charAt(at);
    if (!quoted && /\s/.test(letter)) {
      if (begun) words.push(word);
      word = "";
      begun = false;
      at += 1;
      continue;
    }
    begun = true;
    let slashes = 0;
    while (line.charAt(at + slashes) === "\\") slashes += 1;
    at += slashes;
    if (line.charAt(at) !== '"') {
      word += "\\".repeat(slashes);
      if (slashes === 0) {
        word += letter;
        at += 1;
      }
      continue;
    }
    word += "\\".repeat(Math.floor(slashes / 2));
    if (slashes % 2 === 1) word += '"';
    else quoted = !quoted;
    at += 1;
  }
  if (begun) words.push(word);
  return words;
}
