import type { SuiteEvent } from '../../bench/report.ts';

/** 1 where a kernel is wrong, else 2 where something failed and is not measured, else 0. */
export function exitStatus(events: readonly SuiteEvent[]): 0 | 1 | 2 {
  const has = (wanted: SuiteEvent['kind']): boolean => events.some(({ kind }) => kind === wanted);
  if (has('wrong')) return 1;
  return has('failed') ? 2 : 0;
}
