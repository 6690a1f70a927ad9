import { expect, test } from 'vitest';
import type { SuiteEvent } from '../../src/bench/report.ts';
import { exitStatus } from '../../src/cli/bench/exit-status.ts';

const wrong: SuiteEvent = { kind: 'wrong', id: 'add/64', deviation: 1 };
const failed: SuiteEvent = { kind: 'failed', id: 'add/64', message: 'not on this driver' };
const skipped: SuiteEvent = { kind: 'skipped', id: 'add/64', reason: 'too slow' };

test.each([
  ['0 where something was skipped', [skipped], 0],
  ['2 where something failed', [skipped, failed], 2],
  ['1 where a kernel is wrong, whatever else failed', [failed, wrong], 1],
])('the exit status is %s', (_, events, status) => {
  expect(exitStatus(events)).toBe(status);
});
