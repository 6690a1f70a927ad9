import type { StoreApi } from 'zustand/vanilla';
import type { CorpusInfo } from '../../protocol/events.ts';
import type { RunState } from './run-state.ts';

/** The opening of Moby Dick: 256 bytes, so that it fits the contexts of most presets, whole or in part. */
const OPENING =
  'Call me Ishmael. Some years ago - never mind how long precisely - having little or no money in my purse, and nothing ' +
  'particular to interest me on shore, I thought I would sail about a little and see the watery part of the world. It is ' +
  'a way I have of drivi';

/** What a model is looked at with, and writes from, until the visitor says otherwise. */
export interface Offer {
  name: string;
  passage: string;
  prompt: string;
}

/** A model of language reads English; one that knows a rule and nothing else reads lines of it. */
export function offerOf(text: CorpusInfo | null): Offer {
  if (!text?.synthetic) return { name: 'Opening of Moby Dick', passage: OPENING, prompt: 'Call me ' };
  const { passage, prompt } = text.synthetic;
  return { name: `Lines of ${text.name}`, passage, prompt };
}

/** Tells whenever a run learns from a text that offers something else than that of the run before. */
export function followOffers(run: StoreApi<RunState>, tell: (offer: Offer, before: Offer) => void): void {
  let offered = offerOf(null);
  run.subscribe(({ runCorpus }, before) => {
    if (runCorpus === null || runCorpus === before.runCorpus) return;
    const offer = offerOf(runCorpus);
    if (offer.passage === offered.passage) return;
    const last = offered;
    offered = offer;
    tell(offer, last);
  });
}
