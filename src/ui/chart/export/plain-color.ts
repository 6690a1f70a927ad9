/** A computed colour as every drawing program reads it: mixed colours come as `color(srgb 0.2 0.4 0.6)`. */
export function plainColor(computed: string): string {
  const match = /^color\(srgb\s+([^)]+)\)$/.exec(computed);
  if (match === null) return computed;
  const [channels, alpha] = match[1].split('/');
  const bytes = channels
    .trim()
    .split(/\s+/)
    .map((channel) => Math.round(255 * Math.min(1, Math.max(0, Number(channel)))));
  return alpha === undefined ? `rgb(${bytes.join(', ')})` : `rgba(${bytes.join(', ')}, ${Number(alpha)})`;
}
