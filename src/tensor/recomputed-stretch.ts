import type { RecordedDispatch } from './graph.ts';
import { temporaryOf, type TemporaryStorage, type Tensor } from './tensor.ts';

/** The temporaries that were made within a stretch are numbered from `first` up to but not including `end`. */
interface IdRange {
  first: number;
  end: number;
}

/**
 * A stretch of the forward pass that runs again in front of its own backward pass, into fresh memory. The backward rules
 * do not know: whatever they read of the stretch is exchanged for its copy, so nothing but the results of the first run
 * is alive between the two. Chen et al., Training Deep Nets with Sublinear Memory Cost, 2016.
 */
export class RecomputedStretch {
  private readonly dispatches: readonly RecordedDispatch[];
  private readonly ids: IdRange;
  /** Temporaries that outlive the first run anyway, because what follows the stretch reads them. */
  private readonly results: ReadonlySet<number | undefined>;
  private readonly copyOf: (storage: TemporaryStorage) => TemporaryStorage;
  /** By the number of the original: everything that somebody needs from the second run. */
  private readonly copies = new Map<number, TemporaryStorage>();

  constructor(
    dispatches: readonly RecordedDispatch[],
    ids: IdRange,
    results: readonly Tensor[],
    copyOf: (storage: TemporaryStorage) => TemporaryStorage,
  ) {
    this.dispatches = dispatches;
    this.ids = ids;
    this.results = new Set(results.map((tensor) => temporaryOf(tensor)?.id));
    this.copyOf = copyOf;
  }

  /** What the backward pass of the stretch binds in place of the given tensors. */
  exchange(bindings: RecordedDispatch['bindings']): RecordedDispatch['bindings'] {
    return this.map(bindings, (_, tensor) => this.copyUnlessResult(tensor));
  }

  /** The second run: only kernels that write what was asked for by now, or what those need, in their first order. */
  again(): RecordedDispatch[] {
    const again: RecordedDispatch[] = [];
    for (const dispatch of this.dispatches.toReversed()) {
      if (!this.isNeeded(dispatch)) continue;
      const written = writtenBy(dispatch);
      again.push({
        ...dispatch,
        // A result is read where it still lies, and never written a second time.
        bindings: this.map(dispatch.bindings, (name, tensor) =>
          written.has(name) ? this.copy(tensor) : this.copyUnlessResult(tensor),
        ),
      });
    }
    return again.reverse();
  }

  private isNeeded(dispatch: RecordedDispatch): boolean {
    return [...writtenBy(dispatch)].some((name) => this.copies.has(temporaryOf(dispatch.bindings[name])?.id ?? -1));
  }

  private copyUnlessResult(tensor: Tensor): Tensor {
    return this.results.has(temporaryOf(tensor)?.id) ? tensor : this.copy(tensor);
  }

  private copy(tensor: Tensor): Tensor {
    const { storage } = tensor;
    if (storage.kind !== 'temporary' || storage.id < this.ids.first || storage.id >= this.ids.end) return tensor;
    let copy = this.copies.get(storage.id);
    if (!copy) {
      copy = this.copyOf(storage);
      this.copies.set(storage.id, copy);
    }
    return { ...tensor, storage: copy };
  }

  private map(
    bindings: RecordedDispatch['bindings'],
    change: (name: string, tensor: Tensor) => Tensor,
  ): RecordedDispatch['bindings'] {
    return Object.fromEntries(Object.entries(bindings).map(([name, tensor]) => [name, change(name, tensor)]));
  }
}

function writtenBy({ kernel }: RecordedDispatch): Set<string> {
  return new Set(kernel.entry.storage.filter(({ kind }) => kind === 'read_write').map(({ name }) => name));
}
