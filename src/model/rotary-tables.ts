import { effectiveWindow } from '../config/effective-window.ts';
import type { ModelConfig } from '../config/types.ts';
import { rotaryShape, rotaryTable } from '../ops/rotary-table.ts';
import type { Constant, Constants } from '../tensor/constants.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * Rotary factors of all hierarchies. Those for the whole context lie in one memory: attention of several hierarchies that share a
 * dispatch reads them all the time, and would else choose among arrays each time.
 */
export class RotaryTables {
  private readonly constants: Constants;

  constructor(constants: Constants, config: ModelConfig) {
    this.constants = constants;
    constants.declare(
      'rotary tables',
      config.hierarchies
        .filter((hierarchy) => effectiveWindow(config, hierarchy) !== 0)
        .map((hierarchy) => {
          const { factor, stride, dimHead } = hierarchy;
          const rows = Math.ceil(Math.ceil(config.contextLength / stride) / (factor / stride));
          return table(rows, dimHead, effectiveWindow(config, hierarchy) === null);
        }),
    );
  }

  /** Factors of so many rows of a sequence, as `rotaryShape` lays them out. */
  of(rows: number, dimHead: number, xpos: boolean): Tensor {
    return this.constants.get(table(rows, dimHead, xpos));
  }
}

function table(rows: number, dimHead: number, xpos: boolean): Constant {
  return {
    key: `rotary ${rows}x${dimHead}${xpos ? ' xpos' : ''}`,
    shape: rotaryShape(rows, dimHead),
    make: () => rotaryTable(rows, dimHead, { xpos }),
  };
}
