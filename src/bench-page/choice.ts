import { QUICK_SOAK_STEPS, SOAK_STEPS, STANDARD_LIMITS, type SuiteOptions } from '../bench/suite-options.ts';

/** What a visitor chooses before a run. */
export interface Choice {
  list: 'small' | 'everything';
  /** Parts of names, with commas between them; empty = no filter. */
  only: string;
}

/** The choice that an address states: `?list=everything&only=matmul,step`. What it does not state is the small list. */
export function choiceFrom(search: string): Choice {
  const query = new URLSearchParams(search);
  return { list: query.get('list') === 'everything' ? 'everything' : 'small', only: query.get('only') ?? '' };
}

export function suiteOptions({ list, only }: Choice): SuiteOptions {
  const quick = list === 'small';
  const parts = only.split(',').map((part) => part.trim());
  return {
    quick,
    only: parts.filter((part) => part !== ''),
    queries: [],
    soakSteps: quick ? QUICK_SOAK_STEPS : SOAK_STEPS,
    limits: STANDARD_LIMITS,
  };
}
