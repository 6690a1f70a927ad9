/** Functions and structs of another WGSL file that take the place of those of the same names. */
export interface Replacement {
  /** Name of the shader file without its ending, for keys and errors. */
  file: string;
  source: string;
  names: readonly string[];
}

/**
 * `source` with the named functions and structs of another file, and what that file enables. They see the rest of
 * `source`, not that of their own file. Throws where either file lacks one, or a function differs in its signature. A
 * declaration ends where a brace begins a line.
 * @param file name of the shader file without its ending, for errors
 */
export function replaceDeclarations(file: string, source: string, { file: from, source: other, names }: Replacement) {
  let text = source;
  for (const name of names) {
    const [old, fresh] = [declarationOf(file, text, name), declarationOf(from, other, name)];
    if (signatureOf(old) !== signatureOf(fresh)) {
      throw new Error(`kernel: ${from}.wgsl has "${signatureOf(fresh)}", needs "${signatureOf(old)}" for ${file}.wgsl`);
    }
    // By a function, since in a text a dollar would have a meaning.
    text = text.replace(old, () => fresh);
  }
  return [...(other.match(/^enable .*;$/gm) ?? []), text].join('\n');
}

function declarationOf(file: string, source: string, name: string): string {
  const found = new RegExp(`^(?:fn|struct) ${name}\\b[^]*?^}`, 'm').exec(source);
  if (!found) throw new Error(`kernel: ${file}.wgsl has no function or struct ${name}`);
  return found[0];
}

/** All in front of the body, in one line; of a struct only its name. */
function signatureOf(declaration: string): string {
  return declaration.slice(0, declaration.indexOf('{')).replace(/\s+/g, ' ').trim();
}
