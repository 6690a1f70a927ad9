import { createStore } from 'zustand/vanilla';
import type { WorkerEvent } from '../../protocol/events.ts';
import { encodeText } from '../../text/encode.ts';
import { sameBytes } from '../../text/same-bytes.ts';
import { Asker } from './asker.ts';
import type { AskerParts } from './asker.ts';
import { captureOf } from './inspection.ts';
import type { Capture, InspectionState } from './inspection.ts';
import { followOffers, offerOf } from './passages.ts';

const KEPT_SNAPSHOTS = 24;
/** Milliseconds from one answer to the next question, at least. */
const REFRESH_DELAY = 3000;

/**
 * Has runs inspected: the watched passage at remembered steps of each, and, only while somebody looks, the present
 * parameters again and again.
 */
export class Inspector {
  readonly store = createStore<InspectionState>(() => ({
    passage: offerOf(null).passage,
    snapshots: [],
    recorded: false,
    latest: null,
    pinned: null,
    asking: false,
    failure: null,
    auto: true,
  }));
  private readonly parts: AskerParts;
  private readonly asker: Asker;

  constructor(parts: AskerParts) {
    const { store } = this;
    this.parts = parts;
    parts.worker.listen((event) => this.receive(event));
    parts.run.subscribe(({ phase }, before) => {
      // A worker that has been replaced knows of no passage: each run is told.
      if (phase.name === 'compiling' && before.phase.name !== 'compiling') this.watch();
    });
    followOffers(parts.run, ({ passage }, before) => {
      if (store.getState().passage === before.passage) this.setPassage(passage);
    });
    this.asker = new Asker(parts, {
      text: () => encodeText(store.getState().passage),
      attention: true,
      delay: REFRESH_DELAY,
      repeats: () => store.getState().auto,
      isAnswered: () => store.getState().latest !== null,
      answer: (event) => store.setState({ latest: captureOf(event) }),
      tell: (state) => store.setState(state),
      forgetAfter: (step) => this.forgetAfter(step),
    });
  }

  /** Somebody looks. Returns the end of it. */
  look(): () => void {
    return this.asker.look();
  }

  /** Asks for the present parameters, unless an answer is under way or there is nobody to give one. */
  ask(): void {
    this.asker.ask();
  }

  /** Looks at another text from now on; what was captured of the one before is dropped, but for the pinned capture. */
  setPassage(passage: string): void {
    if (passage === this.store.getState().passage) return;
    this.store.setState({ passage });
    this.forgetAfter(null);
    this.watch();
    this.asker.askAnew();
  }

  setAuto(auto: boolean): void {
    this.store.setState({ auto });
    this.asker.repeat();
  }

  pin(capture: Capture | null): void {
    this.store.setState({ pinned: capture });
  }

  /** Shows what somebody else's run was seen to do, until there is a run of the visitor's own. */
  showRecorded(captures: readonly Omit<Capture, 'runId'>[]): void {
    const { runId } = this.parts.run.getState();
    const snapshots = captures.map((capture) => ({ ...capture, runId }));
    this.store.setState({ snapshots, latest: null, recorded: true });
  }

  private watch(): void {
    const text = encodeText(this.store.getState().passage);
    this.parts.worker.send({ type: 'watch', text: text.length === 0 ? null : text });
  }

  /** Hears of what nobody has asked for. */
  private receive(event: WorkerEvent): void {
    if (event.type !== 'inspection' && event.type !== 'inspection-failed') return;
    if (event.requestId !== 0 || event.runId !== this.parts.run.getState().runId) return;
    if (event.type === 'inspection-failed') this.store.setState({ failure: event.message });
    else this.keep(captureOf(event));
  }

  private forgetAfter(step: number | null): void {
    if (step === null) {
      this.store.setState({ snapshots: [], recorded: false, latest: null });
      return;
    }
    this.store.setState(({ snapshots, latest }) => ({
      snapshots: snapshots.filter((capture) => capture.step <= step),
      latest: latest !== null && latest.step > step ? null : latest,
    }));
  }

  private keep(capture: Capture): void {
    // One that was under way when the text changed shows the text before.
    if (!isPassage(capture.inspection.text, this.store.getState().passage)) return;
    this.store.setState(({ snapshots }) => ({
      snapshots: [...snapshots.filter(({ step }) => step !== capture.step), capture]
        .sort((a, b) => a.step - b.step)
        .slice(-KEPT_SNAPSHOTS),
    }));
  }
}

function isPassage(text: Uint8Array, passage: string): boolean {
  return sameBytes(text, encodeText(passage).subarray(0, text.length));
}
