import type { RecordStorage } from './stored-records.ts';
import type { RunStorage } from './stored-runs.ts';

const WHY = 'An embedded page keeps nothing.';

/** In place of the browser's storage, for a page that is to keep nothing: it behaves as where storage is forbidden. */
export function noStorage(): never {
  throw new Error(WHY);
}

const refuse = (): Promise<never> => Promise.reject(new Error(WHY));

/** In place of where runs lie, for such a page: none is found, and none is kept beyond it. */
export const noRunStorage: RunStorage = {
  list: refuse,
  write: refuse,
  rename: refuse,
  forget: refuse,
  hold: refuse,
  take: refuse,
  release: refuse,
};

/** The same of what Compare knows of runs. */
export const noRecordStorage: RecordStorage = {
  list: refuse,
  underWay: refuse,
  write: refuse,
  change: refuse,
  forget: refuse,
};
