import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RunFile } from './run-file.ts';
import { TRAINED } from './trained-facts.ts';

export interface TrainedModelState {
  /** Bytes of its file that have come; null while none is being fetched. */
  received: number | null;
  /** Why it could not be opened; null when there is nothing to say. */
  failure: string | null;
}

interface Parts {
  runFile: Pick<RunFile, 'openFromElsewhere'>;
  /** Fetches its file, and tells how many bytes have come. Rejects with an Error that says why not. */
  fetchFile(name: string, onBytes: (received: number) => void): Promise<Blob>;
}

/** The model that comes with the page. Its file is fetched when somebody wants it, and opened like one of the visitor's. */
export class TrainedModel {
  readonly store: StoreApi<TrainedModelState> = createStore(() => ({ received: null, failure: null }));
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Never fails; why it cannot be opened is said in the state. */
  async open(): Promise<void> {
    const { store, parts } = this;
    if (store.getState().received !== null) return;
    store.setState({ received: 0, failure: null });
    try {
      const blob = await parts.fetchFile(TRAINED.file, (received) => store.setState({ received }));
      await parts.runFile.openFromElsewhere(new File([blob], TRAINED.file));
    } catch (error) {
      store.setState({ failure: `${TRAINED.file}: ${error instanceof Error ? error.message : String(error)}.` });
    } finally {
      store.setState({ received: null });
    }
  }

  /** Says no more why it could not be opened. */
  closeFailure(): void {
    this.store.setState({ failure: null });
  }
}
