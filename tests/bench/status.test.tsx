import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { SuiteEvent } from '../../src/bench/report.ts';
import { Status } from '../../src/bench-page/Status.tsx';
import type { BenchState } from '../../src/bench-page/use-bench.ts';

const failed: SuiteEvent = { kind: 'failed', id: 'add/4096', message: 'not on this driver' };
const wrong: SuiteEvent = { kind: 'wrong', id: 'add/4096', deviation: 1 };

function alerts(phase: BenchState['phase'], events: readonly SuiteEvent[]): string[] {
  const page = renderToStaticMarkup(<Status state={{ phase, events, progress: null, message: 'no adapter' }} />);
  return [...page.matchAll(/role="alert">(.*?)<\/p>/g)].map(([, words]) => words);
}

test('what failed, and what is wrong, is said while the run goes on and when it is done', () => {
  expect(alerts('running', [])).toEqual([]);
  for (const phase of ['running', 'finished'] as const) {
    expect(alerts(phase, [failed])).toEqual([expect.stringMatching(/^One measurement failed on this adapter/)]);
    expect(alerts(phase, [failed, failed, wrong])).toEqual([
      expect.stringMatching(/^One kernel computes something wrong/),
      expect.stringMatching(/^2 measurements failed on this adapter; the table below says why/),
    ]);
  }
  expect(alerts('failed', [failed])).toEqual(['no adapter']);
});
