import { expect, test } from 'vitest';
import { listSuite } from '../../src/bench/suite.ts';
import { parseBenchArguments } from '../../src/cli/bench/arguments.ts';

test('without options everything is measured', () => {
  const given = parseBenchArguments([]);
  const ids = listSuite(given);

  expect(given).toMatchObject({ quick: false, json: false, list: false, soakSteps: 10_000, only: [], queries: [] });
  expect([ids[0], ids.at(-1)]).toEqual(['ceilings', 'soak']);
  for (const id of ['matmul/4096-x-4096-x-4096-y', 'step/p=readme4', 'step/p=micro']) expect(ids).toContain(id);
});

test('a list is narrowed by parts of names', () => {
  const ids = listSuite(parseBenchArguments(['--only', 'attention/1-x-512-8-x-64-w-64,step/p=tw']));

  expect(ids).toEqual([
    'ceilings',
    'attention/1-x-512-8-x-64-w-64-dilation-1',
    'attention/1-x-512-8-x-64-w-64-dilation-8',
    'step/p=two',
    'step/p=two hierarchies apart',
    'step/p=two&hp=1',
    'step/p=two&sm=1',
    'step/p=two&hp=1&sm=1',
  ]);
});

test('configurations are measured instead of the list', () => {
  expect(listSuite(parseBenchArguments(['p=quick&b=4', 'p=two']))).toEqual([
    'ceilings',
    'step/p=quick&b=4',
    'step/p=two',
    'texts/p=quick&b=4',
    'texts/p=two',
  ]);
});

test('the limit of a step is ten times that of a kernel', () => {
  expect(parseBenchArguments(['--limit', '0.5', '--soak', '0', '--json', '--kernels', 'gpu'])).toMatchObject({
    limits: { kernel: 500, step: 5000 },
    soakSteps: 0,
    json: true,
    kernels: 'gpu',
  });
});

test.each([
  [['--only', '--json'], '--only: needs a value'],
  [['p=micro&zz=1'], 'p=micro&zz=1: "zz" is not a setting'],
  [['--only', 'step', 'p=micro'], '--only: given beside p=micro, needs one of them'],
  [['--fast'], '--fast: is not an option'],
  [['--soak', 'long'], '--soak: given "long", needs a number from 0 up'],
  [['--soak', '1.5'], '--soak: given "1.5", needs a whole number'],
  [['--limit', ''], '--limit: given "", needs a number from 0 up'],
  [['--only'], '--only: needs a value'],
  [['--kernels', 'cpu'], '--kernels: given "cpu", needs gpu or software'],
])('%j is refused by name', (args, message) => {
  expect(() => parseBenchArguments(args)).toThrow(message);
});
