import type { ModelConfig } from '../config/types.ts';

/**
 * The reference's own rules, which hold for every model, also for one that no form can make (any vocabulary, hierarchies
 * in any order). Throws an Error that names the control. `problems` of the configuration says more, and more kindly.
 */
export function checkModel(config: ModelConfig): void {
  const { hierarchies, predictFactor } = config;
  const fail = (control: string, given: unknown, needs: string): never => {
    throw new Error(`${control}: given ${String(given)}, needs ${needs}`);
  };
  const wholeFrom = (least: number, control: string, value: number): void => {
    if (!Number.isInteger(value) || value < least) fail(control, value, `a whole number from ${least} up`);
  };
  wholeFrom(1, 'numTokens', config.numTokens);
  wholeFrom(1, 'depth', config.depth);
  wholeFrom(1, 'contextLength', config.contextLength);
  if (hierarchies.length === 0) fail('hierarchies', 'none', 'at least one');
  hierarchies.forEach(({ factor, stride, dim, heads, dimHead, ffMult, window }, i) => {
    const control = `hierarchies[${i}]`;
    if (!isPowerOfTwo(factor)) fail(`${control}.factor`, factor, 'a power of two');
    if (hierarchies.findIndex((h) => h.factor === factor) !== i)
      fail(`${control}.factor`, factor, 'a factor that no other hierarchy has');
    if (!isPowerOfTwo(stride) || stride > factor)
      fail(`${control}.stride`, stride, `a power of two up to the factor ${factor}`);
    wholeFrom(1, `${control}.dim`, dim);
    wholeFrom(1, `${control}.heads`, heads);
    if (!Number.isInteger(dimHead) || dimHead < 2 || dimHead % 2 !== 0)
      fail(`${control}.dimHead`, dimHead, 'an even number');
    if (!(Math.trunc(dim * ffMult) >= 1))
      fail(`${control}.ffMult`, ffMult, `at least ${1 / dim}, so that the inner width is not 0`);
    if (window !== null) wholeFrom(0, `${control}.window`, window);
  });
  const factors = hierarchies.map(({ factor }) => factor);
  if (predictFactor !== null && !factors.includes(predictFactor))
    fail('predictFactor', predictFactor, `one of ${factors.join(', ')}`);
  const predicting = hierarchies[factors.indexOf(predictFactor ?? Math.min(...factors))];
  // With merge-all the reference accepts this and then fails on the shape of its own loss.
  if (predicting.stride !== 1) {
    fail(
      `hierarchies[${hierarchies.indexOf(predicting)}].stride`,
      predicting.stride,
      '1, because this hierarchy predicts every byte',
    );
  }
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && Number.isInteger(Math.log2(value));
}
