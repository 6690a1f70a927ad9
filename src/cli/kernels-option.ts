import { UsageError } from './usage-error.ts';

/** The two families of kernels, which run on every adapter. */
export type Kernels = 'gpu' | 'software';

/** What stands after `--kernels`. Throws UsageError where it names none of them. */
export function kernelsFrom(text = ''): Kernels {
  if (text === 'gpu' || text === 'software') return text;
  throw new UsageError(`--kernels: given "${text}", needs gpu or software`);
}
