/**
 * What `make` made when it was first asked for in this process, whose test files have modules of their own and share what
 * is costly: devices and what those have compiled.
 */
export function oncePerProcess<T>(name: string, make: () => T): T {
  const process = globalThis as { strataTests?: Map<string, unknown> };
  const made = (process.strataTests ??= new Map<string, unknown>());
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as T;
}
