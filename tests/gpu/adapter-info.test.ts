import { describe, expect, test } from 'vitest';
import { describeAdapter } from '../../src/gpu/adapter-info.ts';

const features: GPUSupportedFeatures = new Set();
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:153.0) Gecko/20100101 Firefox/153.0';

const said = { vendor: 'google', architecture: '', description: '' };

describe('what is known of an adapter', () => {
  test('is what it says of itself', async () => {
    const info = { vendor: 'apple', architecture: 'metal-3', description: '' };
    expect(await describeAdapter({ features, info }, ['subgroups'], WINDOWS)).toEqual({
      vendor: 'apple',
      architecture: 'metal-3',
      description: 'apple metal-3',
      software: false,
      features: ['subgroups'],
      subgroupMatrices: [],
    });
  });

  test('is little in browsers that name none, but on a Mac it can only be one of Apple', async () => {
    const info = { vendor: '', architecture: '', description: '' };
    const unnamed = { vendor: '', description: 'unnamed adapter' };
    expect(await describeAdapter({ features, info }, [], WINDOWS)).toMatchObject(unnamed);
    expect(await describeAdapter({ features, info }, [], MAC)).toMatchObject({ vendor: 'apple', description: 'apple' });
    expect(await describeAdapter({ features, info: said }, [], MAC)).toMatchObject({ vendor: 'google' });
  });

  test('is asked for where a browser has no property for it yet', async () => {
    const requestAdapterInfo = async () => ({ ...said, architecture: 'swiftshader' });
    const known = { vendor: 'google', software: true };
    expect(await describeAdapter({ features, requestAdapterInfo }, [], WINDOWS)).toMatchObject(known);
    expect(await describeAdapter({ features }, [], WINDOWS)).toMatchObject({ vendor: '', software: false });
  });

  test('tells an adapter that computes on the processor, wherever the browser says so', async () => {
    for (const adapter of [
      { features, info: { ...said, isFallbackAdapter: true } },
      { features, info: said, isFallbackAdapter: true },
      { features, isFallbackAdapter: true },
      { features, info: { ...said, architecture: 'swiftshader' } },
    ])
      expect(await describeAdapter(adapter, [], WINDOWS)).toMatchObject({ software: true });
    expect(await describeAdapter({ features, info: said }, [], WINDOWS)).toMatchObject({ software: false });
  });
});
