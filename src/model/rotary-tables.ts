import { tokensOf } from '../config/costs/rows.ts';
import { effectiveWindow } from '../config/effective-window.ts';
import type { HierarchyConfig, ModelConfig } from '../config/types.ts';
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
    const whole = config.hierarchies.flatMap((hierarchy) => {
      const window = effectiveWindow(config, hierarchy);
      return window === 0 ? [] : table(hierarchy, window, tokensOf(config.contextLength, hierarchy));
    });
    constants.declare('rotary tables', whole);
  }

  /** Factors for a sequence of so many tokens, as `rotaryShape` lays them out: a row for each that one token can see. */
  of(hierarchy: HierarchyConfig, window: number | null, tokens: number): Tensor {
    return this.constants.get(table(hierarchy, window, tokens));
  }
}

/** The reference has xpos where a hierarchy sees all of its tokens. */
function table({ dimHead, factor, stride }: HierarchyConfig, window: number | null, tokens: number): Constant {
  const rows = Math.ceil(tokens / (factor / stride));
  const xpos = window === null;
  return {
    key: `rotary ${rows}x${dimHead}${xpos ? ' xpos' : ''}`,
    shape: rotaryShape(rows, dimHead),
    make: () => rotaryTable(rows, dimHead, { xpos }),
  };
}
