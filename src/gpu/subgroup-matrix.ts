/** A form of the matrices that invocations of a subgroup multiply together, as our kernels can use it. */
export interface SubgroupMatrix {
  /** Rows and columns of either operand and of the product. */
  side: 8 | 16;
  /** Of the operands; sums are f32. */
  component: 'f16' | 'f32';
  /** Most invocations of a subgroup on the adapter. */
  subgroupSize: number;
}

/** Experimental: Dawn has it, browsers offer it behind a flag, no standard names it. */
export const SUBGROUP_MATRIX_FEATURE = 'chromium-experimental-subgroup-matrix';

/** What Dawn adds to an adapter's info; newer than the types of WebGPU. */
interface MatrixInfo {
  subgroupMaxSize?: number;
  subgroupMatrixConfigs?: Iterable<{
    M: number;
    N: number;
    K: number;
    componentType: string;
    resultComponentType: string;
  }>;
}

/** The forms that an adapter has, those first that should be fastest. */
export function subgroupMatrices(adapter: { features: GPUSupportedFeatures; info: object }): SubgroupMatrix[] {
  const { features, info } = adapter;
  if (!(features as ReadonlySet<string>).has(SUBGROUP_MATRIX_FEATURE)) return [];
  const { subgroupMaxSize: subgroupSize = 0, subgroupMatrixConfigs = [] } = info as MatrixInfo;
  const found: SubgroupMatrix[] = [];
  for (const { M, N, K, componentType: component, resultComponentType } of subgroupMatrixConfigs) {
    const isOurs = component === 'f32' || (component === 'f16' && features.has('shader-f16'));
    if (!isOurs || resultComponentType !== 'f32' || M !== N || M !== K || (M !== 8 && M !== 16)) continue;
    found.push({ side: M, component, subgroupSize });
  }
  return found.sort((a, b) => a.component.localeCompare(b.component) || b.side - a.side);
}

/** The form for a run: matrices of f16 only round what a run that stores f16 rounds anyway, and whose losses are scaled. */
export function matrixFor(
  matrices: readonly SubgroupMatrix[],
  activations: SubgroupMatrix['component'],
): SubgroupMatrix | undefined {
  return matrices.find(({ component }) => component === 'f32' || activations === 'f16');
}
