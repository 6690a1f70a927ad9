export interface SuiteOptions {
  /** A small list: one small shape of every kernel family, one small model. */
  quick: boolean;
  /** Parts of ids; only what contains one of them is measured. Empty = everything. */
  only: readonly string[];
  /** Configurations, as a link's query has them, whose steps and texts are measured instead of everything else. */
  queries: readonly string[];
  /** Steps of the long run; 0 = none. */
  soakSteps: number;
  /** Milliseconds that one run of a kernel or one step may take on this adapter. */
  limits: { kernel: number; step: number };
}

export const STANDARD_LIMITS: SuiteOptions['limits'] = { kernel: 1500, step: 15_000 };

/** Configuration of the long run: smaller than any preset, so that its many steps take a minute or two on a software adapter. */
export const SOAK_QUERY = 'p=micro&h=1-d8-n1-e8-f2-w4_4-d8-n1-e8-f2-wf&n=16&b=2';

/** Length of the long run, and of the one in the small list. */
export const SOAK_STEPS = 10_000;
export const QUICK_SOAK_STEPS = 100;
