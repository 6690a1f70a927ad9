import { describe, expect, test } from 'vitest';
import { describeAdapter } from '../../src/gpu/adapter-info.ts';

const features: GPUSupportedFeatures = new Set();
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:153.0) Gecko/20100101 Firefox/153.0';

describe('what is known of an adapter', () => {
  test('is what it says of itself', () => {
    const info = { vendor: 'apple', architecture: 'metal-3', description: '' };
    expect(describeAdapter({ features, info }, ['subgroups'], WINDOWS)).toEqual({
      vendor: 'apple',
      architecture: 'metal-3',
      description: 'apple metal-3',
      software: false,
      features: ['subgroups'],
      subgroupMatrices: [],
    });
  });

  test('is little in browsers that name none, but on a Mac it can only be one of Apple', () => {
    const info = { vendor: '', architecture: '', description: '' };
    expect(describeAdapter({ features, info }, [], WINDOWS)).toMatchObject({
      vendor: '',
      description: 'unnamed adapter',
    });
    expect(describeAdapter({ features, info }, [], MAC)).toMatchObject({ vendor: 'apple', description: 'apple' });
    const named = { ...info, vendor: 'amd' };
    expect(describeAdapter({ features, info: named }, [], MAC).vendor).toBe('amd');
  });

  test('is found in browsers from before adapters had an info, or from before it told of the processor', () => {
    expect(describeAdapter({ features }, [], WINDOWS)).toMatchObject({ vendor: '', software: false });
    expect(describeAdapter({ features, isFallbackAdapter: true }, [], WINDOWS).software).toBe(true);
    const info = { vendor: 'google', architecture: '', description: '' };
    expect(describeAdapter({ features, info, isFallbackAdapter: true }, [], WINDOWS).software).toBe(true);
    expect(describeAdapter({ features, info: { ...info, architecture: 'swiftshader' } }, [], '').software).toBe(true);
  });
});
