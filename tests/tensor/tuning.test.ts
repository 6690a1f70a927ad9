import { describe, expect, test } from 'vitest';
import { describeTuning, SMALL_GPU, TUNINGS, tuningFor } from '../../src/tensor/tuning.ts';

const adapter = (vendor: string, features: string[] = []) => ({
  vendor,
  architecture: 'some',
  description: `${vendor} some`,
  software: false,
  features,
});

describe('the usual kernels', () => {
  test.each(['apple', 'arm', 'intel', 'qualcomm'])('of %s are for small GPUs', (vendor) => {
    expect(tuningFor(adapter(vendor))).toEqual(SMALL_GPU);
    expect(tuningFor(adapter(vendor, ['subgroups']))).toEqual({ ...SMALL_GPU, reductions: 'subgroup' });
  });

  // A browser may name nobody.
  test.each(['nvidia', 'amd', ''])('of "%s" are for large ones', (vendor) => {
    expect(tuningFor(adapter(vendor))).toEqual(TUNINGS.gpu);
  });

  test('of a software adapter are its own, whoever made it', () => {
    expect(tuningFor({ ...adapter('intel'), software: true })).toEqual(TUNINGS.software);
  });
});

test('variants have a plain description', () => {
  expect(describeTuning(TUNINGS.gpu)).toBe(
    'products few 32x32/4x4 in 4, small 32x32/4x4, medium 64x64/8x4, large 128x128/8x8, both gradients at once; attention tiled; hierarchies share dispatches; row sums shared; loss lanes 16; tiles at once 256',
  );
  expect(describeTuning(SMALL_GPU)).toContain('attention tiled, two rows of wide heads; ');
  expect(describeTuning(TUNINGS.software)).toContain('products direct; attention direct; row sums single');
});
