import type { Graph } from '../tensor/graph.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { stagedProduct, type ProductForm, type StagedShader } from './staged-product.ts';
import { unstagedProduct, type UnstagedShader } from './unstaged-product.ts';

/** The same product for every kind of adapter. */
export interface ProductShaders {
  staged: StagedShader;
  unstaged: UnstagedShader;
}

interface Product {
  form: ProductForm;
  overrides: Readonly<Record<string, number>>;
  bindings: Readonly<Record<string, Tensor>>;
  /** Both operands once more, for kernels that read vectors of four. */
  quads: Readonly<Record<string, Tensor>>;
  params: Readonly<Record<string, number>>;
}

/** Records a product with the kernel that suits the adapter and its size. */
export function recordProduct(graph: Graph, { staged, unstaged }: ProductShaders, product: Product): void {
  const { form, overrides, bindings, quads, params } = product;
  const { kernel, workgroups, bindsQuads } =
    stagedProduct(graph.tuning, form, staged, overrides) ?? unstagedProduct(graph.tuning, form, unstaged, overrides);
  const [x, y] = workgroups;
  graph.dispatch(kernel, bindsQuads ? { ...bindings, ...quads } : bindings, params, [x, y, form.parts]);
}
