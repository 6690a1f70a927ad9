import { expect, test } from 'vitest';
import { markdown } from '../../src/bench/markdown.ts';
import type { SuiteEvent } from '../../src/bench/report.ts';
import type { SuiteOptions } from '../../src/bench/suite-options.ts';
import { familiesOf, listSuite, runSuite, unknownName } from '../../src/bench/suite.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { gpu } from '../support/gpu.ts';

const QUICK: SuiteOptions = {
  quick: true,
  only: [],
  queries: [],
  soakSteps: 20,
  limits: { kernel: 60_000, step: 600_000 },
};

async function run(options: SuiteOptions): Promise<SuiteEvent[]> {
  const events: SuiteEvent[] = [];
  const host = { open: async () => Gpu.open(await gpu()), machine: 'a test run', heap: () => null };
  await runSuite(host, options, (event) => events.push(event));
  return events;
}

test('the small list measures every entry, and every result is the float64 one', { timeout: 300_000 }, async () => {
  const events = await run(QUICK);
  console.log(markdown(events));
  const ids = events.flatMap((event) => (event.kind === 'kernel' || event.kind === 'step' ? [event.id] : []));
  const skipped = events.flatMap((event) => (event.kind === 'skipped' ? [event] : []));
  const lacking = skipped.filter(({ reason }) => /^needs (?:shader-f16|.*subgroup.matri)/.test(reason));
  const isMeasured = (id: string): boolean => !lacking.some((event) => event.id === id);
  const wanted = listSuite(QUICK).filter((id) => !/^(?:ceilings|texts.*|soak)$/.test(id) && isMeasured(id));

  expect([...new Set(ids)]).toEqual(wanted);
  expect(skipped).toEqual(lacking);
  expect(events.filter(({ kind }) => kind === 'wrong')).toEqual([]);
  expect(events.flatMap((event) => (event.kind === 'texts' ? event.rows : [])).map(({ way }) => way)).toEqual([
    'whole passes',
    'decoder',
  ]);
  const soaks = events.flatMap((event) => (event.kind === 'soak' ? event.rows : []));
  expect(soaks.map(({ step }) => step)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
});

test('what an adapter is too slow for is named with a reason', async () => {
  const events = await run({ ...QUICK, only: ['add', 'step'], soakSteps: 0, limits: { kernel: 0, step: 0 } });
  const skipped = events.flatMap((event) => (event.kind === 'skipped' ? [event] : []));

  expect(skipped.map(({ id }) => id)).toEqual(['add/4096', 'step/p=micro']);
  for (const { reason } of skipped)
    expect(reason).toMatch(/^about [\d.e-]+ s a run at 5 % of the ceiling, allowed are 0 s/);
  expect(markdown(events)).toContain('\n## Skipped\n');
});

test('steps with f16 storage and subgroup matrices are measured or left out by name', async () => {
  const { info } = await Gpu.open(await gpu());
  const events = await run({
    ...QUICK,
    quick: false,
    only: ['step/p=quick&'],
    soakSteps: 0,
    limits: { kernel: 0, step: 0 },
  });
  const reasons = events.flatMap((event) => (event.kind === 'skipped' ? [[event.id, event.reason] as const] : []));
  const reasonOf = (settings: string) => new Map(reasons).get(`step/p=quick&${settings}`);

  const tooSlow = expect.stringContaining('allowed are 0 s');
  expect(reasonOf('b=4')).toEqual(tooSlow);
  const hasHalf = info.features.includes('shader-f16');
  const components = info.subgroupMatrices.map(({ component }) => component);
  expect(reasonOf('hp=1')).toEqual(hasHalf ? tooSlow : expect.stringContaining('shader-f16'));
  expect(reasonOf('sm=1')).toEqual(
    components.includes('f32') ? tooSlow : expect.stringContaining('subgroupMatrices: '),
  );
  expect(reasonOf('hp=1&sm=1')).toEqual(
    hasHalf && components.length > 0 ? tooSlow : expect.stringContaining('subgroupMatrices: '),
  );
});

test('a name that nothing in the list has is refused before anything is measured, with those that there are', async () => {
  const options = { ...QUICK, only: ['Cosine', 'foo'] };
  const open = () => Promise.reject(new Error('no device is needed to know that'));
  await expect(runSuite({ open, machine: '', heap: () => null }, options, () => {})).rejects.toThrow(
    /^Only: nothing in the small list is called "foo"; names begin with .*add, attention, .*, step, .*texts, token-.*\.$/,
  );
  expect(unknownName({ ...options, quick: false, only: ['4096-x-4096'] })).toBeNull();
  expect(unknownName({ ...QUICK, only: ['ceilings', 'SOAK'] })).toBeNull();
});

test('small and capital letters are the same in a name', () => {
  expect(listSuite({ ...QUICK, only: ['Cosine'] })).toEqual(listSuite({ ...QUICK, only: ['cosine'] }));
  expect(listSuite({ ...QUICK, only: ['COSINE'] }).length).toBeGreaterThan(1);
  expect(familiesOf(QUICK)).toContain('cosine-loss');
});
