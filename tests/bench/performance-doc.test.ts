import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { STANDARD_LIMITS } from '../../src/bench/suite-options.ts';
import { familiesOf } from '../../src/bench/suite.ts';

const EVERYTHING = { quick: false, only: [], queries: [], soakSteps: 1, limits: STANDARD_LIMITS };
/** What the suite measures beside kernels, and kernels of the same work beside each other. */
const NO_FAMILY = /^(?:ceilings|step|texts|soak|.*-by-kernel)$/;

test('docs/performance.md says of every kernel family how far from the limit it is', async () => {
  const text = await readFile('docs/performance.md', 'utf8');
  const [, section] = /^## How far from the limit, and what is in the way\n([\s\S]*?)^##/m.exec(text)!;
  const kernels = [...section.matchAll(/^\| ([^|]*)\|/gm)].flatMap(([, cell]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  const families = familiesOf(EVERYTHING).filter((name) => !NO_FAMILY.test(name));

  expect(families).toContain('matmul');
  expect(families.filter((name) => !kernels.includes(name))).toEqual([]);
});
