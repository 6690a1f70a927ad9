/** Declarations of another WGSL file that a file takes over. */
export interface Replacement {
  /** Name of the shader file without its ending, for keys and errors. */
  file: string;
  source: string;
  /** Functions, structs and variables that take the place of those of the same names. */
  names: readonly string[];
  /** Functions, structs, types, constants, overrides and variables that come in addition. */
  added?: readonly string[];
}

/**
 * `source` with the named declarations of another file, and what that file enables or switches off. They see the rest of `source`, not that
 * of their own file. Throws where either file lacks one, or a function differs in its signature, or a variable in where it is
 * bound. The declaration of a function or struct ends with its line, or where a brace begins a line.
 * @param file name of the shader file without its ending, for errors
 */
export function replaceDeclarations(file: string, source: string, replacement: Replacement): string {
  const { file: from, source: other, names, added = [] } = replacement;
  let text = source;
  for (const name of names) {
    const [old, fresh] = [declarationOf(file, text, name), declarationOf(from, other, name)];
    if (signatureOf(old) !== signatureOf(fresh)) {
      throw new Error(`kernel: ${from}.wgsl has "${signatureOf(fresh)}", needs "${signatureOf(old)}" for ${file}.wgsl`);
    }
    // By a function, since in a text a dollar would have a meaning.
    text = text.replace(old, () => fresh);
  }
  return [
    ...(other.match(/^(?:enable|diagnostic).*;$/gm) ?? []),
    text,
    ...added.map((name) => declarationOf(from, other, name)),
  ].join('\n');
}

function declarationOf(file: string, source: string, name: string): string {
  const withBody = `(?:@compute .*\\n)?(?:fn|struct) ${name}\\b(?:.*}$|[^]*?^})`;
  const inOneLine = `(?:@group.* )?(?:alias|const|override|var(?:<.*>)?) ${name}\\b.*;$`;
  const found = new RegExp(`^(?:${withBody}|${inOneLine})`, 'm').exec(source);
  if (!found) throw new Error(`kernel: ${file}.wgsl has no declaration of ${name}`);
  return found[0];
}

/** All in front of the body, in one line; of a struct only its name, of a variable all but its type. */
function signatureOf(declaration: string): string {
  const end = declaration.search(/^@group[^:]*:/) === 0 ? declaration.indexOf(':') : declaration.indexOf('{');
  return declaration.slice(0, end).replace(/\s+/g, ' ').trim();
}
