import copySource from '../../../shaders/bench-copy.wgsl?raw';
import { kernel } from '../../gpu/kernel.ts';
import { grid } from '../../tensor/grid.ts';
import { spread, type CaseLists, type KernelCase } from '../kernel-case.ts';

export const lists: CaseLists = {
  full: () => [gradientSumCase(32, 2 ** 12), gradientSumCase(32, 2 ** 16)],
  quick: () => [gradientSumCase(4, 256)],
};

const COPY = kernel('bench-copy', copySource, 'copy');

/** Parts of a parameter's gradient added up and added to what is there. Both counts are multiples of 4. */
export function gradientSumCase(parts: number, parameters: number): KernelCase {
  return {
    family: 'gradient sum',
    shape: `${parts} parts of ${parameters}`,
    record(bench) {
      const { graph } = bench;
      const parameter = bench.variable('parameter', [parameters]);
      const source = bench.input('parts', [parts, parameters]);
      const copied = graph.partsFor(parameter, parts)!;
      const count = (parts * parameters) / 4;
      graph.dispatch(COPY, { source, copied }, { count }, grid(count, 256));
      graph.backward();
      const expected = () => {
        const values = bench.values(source);
        const samples = spread(parameters, 32).map((i) => {
          const each = Array.from({ length: parts }, (_, part) => values[part * parameters + i]);
          return [i, each.reduce((sum, value) => sum + value)] as const;
        });
        return [{ output: parameter.gradient!, samples }];
      };
      // How many parts there are is no work of the model, so no op declares it.
      return { flops: { backward: parts * parameters }, expected };
    },
  };
}
