/** DOM id of a control's input, from its name in problems. */
export function controlId(name: string): string {
  return `control-${name.replaceAll(/[^\w]+/g, '-')}`;
}
