import { expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { kernel } from '../../src/gpu/kernel.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { rowSums } from '../../src/tensor/row-sum.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

/** Stands for a kernel: what the functions do here is nothing, so that only those by subgroups are right. */
const SOURCE = `
override WORKGROUP: u32 = 64;
struct Params { lanes: u32 }
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> maxima: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;
struct Workgroup {
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
}
alias Sum = vec2f;
var<workgroup> partial: array<Sum, WORKGROUP>;
var<workgroup> partial_maxima: array<f32, WORKGROUP>;
fn row_sum(group: Workgroup, local: u32, lanes: u32, value: Sum) -> Sum {
  return Sum();
}
fn row_max(group: Workgroup, local: u32, lanes: u32, value: f32) -> f32 {
  return 0;
}
fn before_next_sum(group: Workgroup, lanes: u32) {
}
@compute @workgroup_size(WORKGROUP)
fn rows(@builtin(local_invocation_index) local: u32, group: Workgroup) {
  let i = group.id.x * WORKGROUP + local;
  let sum = row_sum(group, local, params.lanes, vec2f(x[i], -x[i])).x;
  before_next_sum(group, params.lanes);
  let negative = row_sum(group, local, params.lanes, vec2f(x[i], -x[i])).y;
  sums[i] = vec2f(sum, negative);
  maxima[i] = row_max(group, local, params.lanes, x[i]);
}`;

/** Sums of neighbours, then of pairs, and so on, each rounded to single precision. */
function treeSum(values: Float32Array): number {
  let sums = values;
  while (sums.length > 1) {
    const finer = sums;
    sums = new Float32Array(finer.length / 2).map((_, i) => finer[2 * i] + finer[2 * i + 1]);
  }
  return sums[0];
}

test.each([
  ...[1, 2, 4, 8, 16, 32, 64].map((lanes) => [lanes, 64] as const),
  ...[1, 2, 8, 16, 64, 128, 256].map((lanes) => [lanes, 256] as const),
])('every one of %i lanes gets the tree of the row, in workgroups of %i', async (lanes, workgroup) => {
  const groups = 3;
  const values = someNumbers(groups * workgroup, 5);
  const session = new EagerSession(device);
  const functions = rowSums({ ...TUNINGS.gpu, reductions: 'subgroup' }, lanes, [
    'row_sum',
    'row_max',
    'before_next_sum',
  ]);
  const sums = session.graph.temporary('sums', [values.length, 2]);
  const maxima = session.graph.temporary('maxima', [values.length]);
  session.graph.dispatch(
    kernel('sample', SOURCE, 'rows', { overrides: { WORKGROUP: workgroup }, ...functions }),
    { x: session.constant([values.length], values), sums, maxima },
    { lanes },
    [groups, 1, 1],
  );
  const result = await session.run({ sums, maxima });

  const rows = Array.from({ length: values.length }, (_, i) => {
    const first = i - (i % lanes);
    return values.subarray(first, first + lanes);
  });
  // To the bit, so that another size of subgroups gives nothing else.
  expect([...result.sums]).toEqual(rows.flatMap((row) => [treeSum(row), -treeSum(row)]));
  expect([...result.maxima]).toEqual(rows.map((row) => Math.max(...row)));
});
