const GROUPED = new Intl.NumberFormat('en-US');

/** `1,204,997 bytes`: sizes in messages are exact, since they are compared with one another. */
export function formatBytes(count: number): string {
  return `${GROUPED.format(count)} ${count === 1 ? 'byte' : 'bytes'}`;
}
