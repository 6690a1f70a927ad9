import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { idOf, type CaseLists, type KernelCase } from '../../src/bench/kernel-case.ts';
import { fullList, quickList } from '../../src/bench/kernel-list.ts';
import { Workbench } from '../../src/bench/workbench.ts';
import { presetConfig, presets } from '../../src/config/presets.ts';
import { HierarchicalTransformer } from '../../src/model/hierarchical-transformer.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';
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

test('the convolutions of every preset are measured as its compressors have them', () => {
  const measured = fullList().filter(({ family }) => family === 'strided convolution');
  const shapes = new Set(measured.map(({ shape }) => shape));
  const expected = presets.flatMap(({ id }) => {
    const { model, training } = presetConfig(id);
    const store = new ParameterStore();
    const { config } = new HierarchicalTransformer(model, store);
    return config.hierarchies.flatMap(({ stride }, at) => {
      const weight = store.parameters.find(({ name }) => name === `compressors.${at}.compress_fn.1.conv.weight`);
      if (weight === undefined) return [];
      const [outputs, taps, channels] = weight.shape;
      const input = `${training.batchSize} x ${model.contextLength} x ${channels}`;
      return [`${input}, ${outputs} out, ${taps} taps, stride ${stride}`];
    });
  });
  expect(expected).toContain('8 x 256 x 128, 512 out, 4 taps, stride 1');
  expect(expected.filter((shape) => !shapes.has(shape))).toEqual([]);
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
