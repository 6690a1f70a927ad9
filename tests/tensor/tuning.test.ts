import { describe, expect, test } from 'vitest';
import { SMALL_GPU, TUNINGS, tuningFor } from '../../src/tensor/tuning.ts';

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
