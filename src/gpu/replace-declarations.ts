/** Declarations of another WGSL file that a file takes over, with whatever they use of their own file and this one lacks. */
export interface Replacement {
  /** Name of the shader file without its ending, for keys and errors. */
  file: string;
  source: string;
  /** Functions, structs, aliases and variables that take the place of those of the same names. */
  names: readonly string[];
  /** An entry point that comes in addition. */
  entry?: string;
}

/**
 * `source` with the named declarations of another file, and what that file enables or switches off. What they use is that of `source`
 * where it has it, else it comes along. Throws where either file lacks one, or a function differs in its signature, or a variable
 * in where it is bound. The declaration of a function or struct ends with its line, or where a brace begins a line.
 * @param file name of the shader file without its ending, for errors
 */
export function replaceDeclarations(file: string, source: string, replacement: Replacement): string {
  const { file: from, source: other, names, entry } = replacement;
  let text = source;
  for (const name of names) {
    const [old, fresh] = [declarationOf(file, text, name), declarationOf(from, other, name)];
    if (signatureOf(old) !== signatureOf(fresh)) {
      throw new Error(`kernel: ${from}.wgsl has "${signatureOf(fresh)}", needs "${signatureOf(old)}" for ${file}.wgsl`);
    }
    // By a function, since in a text a dollar would have a meaning.
    text = text.replace(old, () => fresh);
  }
  const entries = entry ? [entry] : [];
  const added = [...entries, ...lacking(text, replacement, [...names, ...entries])];
  return [
    ...(other.match(/^(?:enable|diagnostic).*;$/gm) ?? []),
    text,
    ...added.map((name) => declarationOf(from, other, name)),
  ].join('\n');
}

/** What declarations of another file use of that file, one by way of the other, and `source` has not. */
function lacking(source: string, { file, source: other }: Replacement, wanted: readonly string[]): string[] {
  const missing = new Set(declaredNames(other));
  for (const name of [...declaredNames(source), ...wanted]) missing.delete(name);
  const found: string[] = [];
  const queue = [...wanted];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const text = declarationOf(file, other, name).replace(/\/\/.*$/gm, '');
    for (const [word] of text.matchAll(/\w+/g)) {
      if (!missing.delete(word)) continue;
      found.push(word);
      queue.push(word);
    }
  }
  return found;
}

function declaredNames(source: string): string[] {
  const declarations = source.matchAll(/^(?:@group.* )?(?:fn|struct|alias|const|override|var(?:<.*>)?) (\w+)/gm);
  return [...declarations].map(([, name]) => name);
}

function declarationOf(file: string, source: string, name: string): string {
  const withBody = `(?:@compute .*\\n)?(?:fn|struct) ${name}\\b(?:.*}$|[^]*?^})`;
  const inOneLine = `(?:@group.* )?(?:alias|const|override|var(?:<.*>)?) ${name}\\b.*;(?: //.*)?$`;
  const found = new RegExp(`^(?:${withBody}|${inOneLine})`, 'm').exec(source);
  if (!found) throw new Error(`kernel: ${file}.wgsl has no declaration of ${name}`);
  return found[0];
}

/** All in front of the body, in one line; of a struct or alias only its name, of a variable all but its type. */
function signatureOf(declaration: string): string {
  const end = /^@group[^:]*|^alias[^=]*|^[^{]*/.exec(declaration)![0];
  return end.replace(/\s+/g, ' ').trim();
}
