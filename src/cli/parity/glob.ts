/** Whether a name matches a pattern in which `*` stands for anything and `?` for one character. */
export function matchesGlob(name: string, glob: string): boolean {
  const literal = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(name);
}
