import { figure } from './figure.ts';

/**
 * Decides what is too slow to be measured on an adapter: from the ceiling and from what share of it the same family
 * has reached.
 */
export class Patience {
  private readonly shares = new Map<string, number>();
  private readonly limit: number;
  private readonly firstGuess: number;

  /** @param limit milliseconds that one run may take; @param firstGuess share of the ceiling of a family not measured yet */
  constructor(limit: number, firstGuess = 0.05) {
    this.limit = limit;
    this.firstGuess = firstGuess;
  }

  /** Expected milliseconds of a run whose least is `bound`. */
  expect(family: string, bound: number): number {
    return bound / (this.shares.get(family) ?? this.firstGuess);
  }

  /** Why a run is not made, or null when it is. */
  refusal(family: string, bound: number): string | null {
    const expected = this.expect(family, bound);
    if (expected <= this.limit) return null;
    const share = (100 * bound) / expected;
    return `about ${seconds(expected)} a run at ${figure(share)} % of the ceiling, allowed are ${seconds(this.limit)}`;
  }

  /** Remembers how near to the ceiling a family came at best: small shapes, which come first, are the farthest from it. */
  learn(family: string, share: number): void {
    this.shares.set(family, Math.max(this.shares.get(family) ?? 1e-4, Math.min(1, share)));
  }
}

function seconds(milliseconds: number): string {
  return `${figure(milliseconds / 1000)} s`;
}
