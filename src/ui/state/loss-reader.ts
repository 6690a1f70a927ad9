import { createStore } from 'zustand/vanilla';
import { encodeText } from '../../text/encode.ts';
import { sameBytes } from '../../text/same-bytes.ts';
import { Asker } from './asker.ts';
import type { AskerParts } from './asker.ts';
import { captureOf } from './inspection.ts';
import type { Capture } from './inspection.ts';
import { followOffers, offerOf } from './passages.ts';
import type { Offer } from './passages.ts';

/** Where a passage comes from: the same one for all runs of a text, what the model wrote, or what the visitor typed. */
export type PassageSource = 'fixed' | 'written' | 'own';

export interface Passage {
  source: PassageSource;
  text: Uint8Array;
  /** Place of its first byte in the text that it was cut from. */
  start: number;
  /** Request number of the text that the model wrote; absent for others. */
  requestId?: number;
}

export interface LossState {
  passage: Passage;
  /** Newest answer about the passage. */
  capture: Capture | null;
  /** Byte of the passage that the visitor has chosen. */
  picked: number | null;
  asking: boolean;
  failure: string | null;
}

export function fixedPassage({ passage }: Offer): Passage {
  return { source: 'fixed', text: encodeText(passage), start: 0 };
}

/** Milliseconds from one answer to the next question while a run goes on, at least. */
const REFRESH_DELAY = 10_000;

/** Asks what each byte of a passage costs: when that is looked at, and at times again while the run goes on. */
export class LossReader {
  readonly store = createStore<LossState>(() => ({
    passage: fixedPassage(offerOf(null)),
    capture: null,
    picked: null,
    asking: false,
    failure: null,
  }));
  private readonly asker: Asker;

  constructor(parts: AskerParts) {
    const { store } = this;
    followOffers(parts.run, (offer) => {
      if (store.getState().passage.source === 'fixed') this.read(fixedPassage(offer));
    });
    this.asker = new Asker(parts, {
      text: () => store.getState().passage.text,
      attention: false,
      delay: REFRESH_DELAY,
      repeats: () => true,
      isAnswered: () => store.getState().capture !== null,
      answer: (event) => store.setState({ capture: captureOf(event) }),
      tell: (state) => store.setState(state),
      forgetAfter: (step) =>
        store.setState(({ capture }) => ({
          capture: capture !== null && step !== null && capture.step <= step ? capture : null,
        })),
    });
  }

  /** Somebody looks. Returns the end of it. */
  look(): () => void {
    return this.asker.look();
  }

  ask(): void {
    this.asker.ask();
  }

  /** Reads another passage, or the same with another byte chosen. */
  read(passage: Passage, picked: number | null = null): void {
    const { text, source } = this.store.getState().passage;
    const known = source === passage.source && sameBytes(text, passage.text);
    this.store.setState({ passage, picked });
    if (known) return;
    this.store.setState({ capture: null });
    this.asker.askAnew();
  }

  pick(picked: number | null): void {
    this.store.setState({ picked });
  }
}
