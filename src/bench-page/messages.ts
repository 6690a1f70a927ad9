import type { SuiteEvent } from '../bench/report.ts';
import type { SuiteOptions } from '../bench/suite-options.ts';

/** What the page asks of the worker: one run, for which the worker is made. */
export type BenchCommand = SuiteOptions;

/** What the worker says: figures as they come, then how it ended: also by what leaves nothing to be measured. */
export type BenchMessage = SuiteEvent | { kind: 'finished' } | { kind: 'broken-off'; message: string };
