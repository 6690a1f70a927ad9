import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { idOf, type CaseLists, type KernelCase } from '../../src/bench/kernel-case.ts';
import { fullList, quickList } from '../../src/bench/kernel-list.ts';
import { Workbench } from '../../src/bench/workbench.ts';
import { presets } from '../../src/config/presets.ts';
import { TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { tracePreset } from '../support/trace-preset.ts';

function kernelsOf(cases: readonly KernelCase[], tuning: Tuning): Set<string> {
  return new Set(
    cases.flatMap((kernelCase) => {
      const bench = new Workbench(tuning);
      kernelCase.record(bench);
      return bench.graph.dispatches.map(({ kernel }) => kernel.label);
    }),
  );
}

function kernelsOfPresets(tuning: Tuning): Set<string> {
  return new Set(
    presets.flatMap(({ id }) => {
      const { accumulate, update } = tracePreset(id, tuning);
      return [...accumulate.dispatches, ...update.dispatches].map(({ kernel }) => kernel.label);
    }),
  );
}

test.each(Object.entries(TUNINGS))('both lists measure every kernel that presets train with on %s', (_name, tuning) => {
  const [quick, full] = [kernelsOf(quickList(), tuning), kernelsOf(fullList(), tuning)];
  const missing = [...kernelsOfPresets(tuning)].filter((label) => !quick.has(label) || !full.has(label));

  // Fills with zeros what a strided hierarchy does not use; nothing to be gained from its speed.
  expect(missing.filter((label) => label !== 'zero/zero')).toEqual([]);
});

test('the cases of every file are in both lists, by no more than being there', async () => {
  const [quick, full] = [quickList(), fullList()].map((list) => new Set(list.map(idOf)));
  for (const file of await readdir('src/bench/cases')) {
    const name = file.replace('.ts', '');
    const { lists } = (await import(`../../src/bench/cases/${name}.ts`)) as { lists: CaseLists };
    expect(lists.full().length, name).toBeGreaterThan(0);
    expect(lists.full().filter((each) => !full.has(idOf(each)))).toEqual([]);
    expect(lists.quick().filter((each) => !quick.has(idOf(each)))).toEqual([]);
  }
});

test('no two cases have one name', () => {
  for (const list of [quickList(), fullList()]) {
    const ids = list.map(idOf);
    expect(ids).toEqual([...new Set(ids)]);
  }
});

test.each(Object.entries(TUNINGS))('both lists measure the kernels of the newest token on %s', (_name, tuning) => {
  for (const list of [quickList(), fullList()]) {
    const labels = [...kernelsOf(list, tuning)];
    expect(labels).toEqual(expect.arrayContaining(['matvec/quads', 'attention-step/attend', 'norm-step/norm_step']));
  }
});
