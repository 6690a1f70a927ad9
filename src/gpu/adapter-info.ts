import { subgroupMatrices, type SubgroupMatrix } from './subgroup-matrix.ts';

/** What a caller may know of the adapter. */
export interface DeviceInfo {
  /** Empty where nobody knows. */
  vendor: string;
  architecture: string;
  description: string;
  /** True for adapters that compute on the CPU (SwiftShader, lavapipe, WARP). */
  software: boolean;
  features: string[];
  /** Which subgroup matrices it multiplies, those first that should be fastest. */
  subgroupMatrices: SubgroupMatrix[];
}

/** As browsers have it by now, or before the present standard. */
type AnyAdapter = Pick<GPUAdapter, 'features'> & {
  /** Chrome has it as a property from 127; before, it is asked for. */
  info?: Partial<GPUAdapterInfo>;
  requestAdapterInfo?(): Promise<Partial<GPUAdapterInfo>>;
  /** A part of `info` from 136. */
  isFallbackAdapter?: boolean;
};

/**
 * @param features those that we ask for
 * @param platform what the runtime says of its computer, such as `navigator.userAgent`
 */
export async function describeAdapter(adapter: AnyAdapter, features: string[], platform: string): Promise<DeviceInfo> {
  const info = adapter.info ?? (await adapter.requestAdapterInfo?.()) ?? {};
  const { architecture = '', description = '' } = info;
  const vendor = info.vendor || unnamedVendor(platform);
  const words = `${vendor} ${architecture} ${description}`.toLowerCase();
  const isFallback = info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  return {
    vendor,
    architecture,
    description: description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter',
    software: isFallback || /swiftshader|llvmpipe|lavapipe|basic render|warp/.test(words),
    features,
    subgroupMatrices: subgroupMatrices({ features: adapter.features, info }),
  };
}

/** Firefox names no adapter. On a Mac it has WebGPU on Apple's processors only. */
function unnamedVendor(platform: string): string {
  return platform.includes('Macintosh') ? 'apple' : '';
}
