import { afterEach, expect, test, vi } from 'vitest';
import { flopsPerStep } from '../../src/config/costs.ts';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { traceRun } from '../support/trace-preset.ts';

/** Ops whose work the arithmetic of a configuration counts. */
const PRODUCTS = ['linear', 'stridedConv', 'attention'];

afterEach(() => vi.restoreAllMocks());

test.each([
  'p=micro',
  'p=quick',
  'p=two',
  'p=flat',
  'p=readme3',
  'p=readme4',
  'v=1&p=two&h=1-w0_4-s2_8-s4&n=250',
  'v=1&p=quick&h=1_4_16-s8&ph=4',
  'p=quick&ma=1&ua=1',
  'p=quick&am=1&rw=0',
])('FLOPs that the form states for %s are those of the ops that a step records', (query) => {
  const { config } = decodeQuery(query);
  config.training.accumulation = 1;
  let recorded = 0;
  const apply = vi.spyOn(Graph.prototype, 'apply');
  traceRun(config, TUNINGS.gpu);
  for (const [spec, args] of apply.mock.calls) if (PRODUCTS.includes(spec.name)) recorded += spec.flops(args);
  expect(flopsPerStep(config).forward / recorded).toBeCloseTo(1, 9);
});
