/** Starts the worker that trains. It is built as a chunk of its own and loaded beside the page. */
export function connect(): Worker {
  return new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module', name: 'trainer' });
}
