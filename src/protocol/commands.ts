import type { SyntheticId } from '../config/synthetic.ts';
import type { HotSettings, RunConfig } from '../config/types.ts';
import type { WeightsFile } from './first-weights.ts';
import type { AttentionRow } from './inspection.ts';

/** What the page may ask of the worker. One union, no casts; the worker ends its switch with `satisfies never`. */
export type Command =
  | { type: 'probe' }
  /**
   * Measures how fast the adapter is, in about 0.3 s; answered by `calibration` unless there is a run or one begins. Then
   * chooses kernels and compiles those that a run of this configuration would need.
   */
  | { type: 'calibrate'; config: RunConfig }
  /**
   * Builds a run and trains; with `paused` it is built, posts `started` and `paused`, and waits. It begins at step 0, or
   * where a run of this configuration was kept. `weights` are what it has at step 0; without them some are drawn from its seed.
   */
  | {
      type: 'start';
      runId: number;
      config: RunConfig;
      paused: boolean;
      from: Blob | null;
      weights?: WeightsFile;
    }
  | { type: 'pause' }
  | { type: 'resume' }
  /** Runs exactly one optimizer step and stays paused. */
  | { type: 'step' }
  /** New values of the settings that a run takes up at once, answered by `adjusted` where any is another. */
  | { type: 'adjust'; settings: HotSettings }
  /** Takes a run that has diverged or blown up back to its restore point, answered by `rewound`, and trains on. */
  | { type: 'rewind' }
  /** Whether anybody can see the page: what is only to be looked at comes seldom while nobody can. */
  | { type: 'visibility'; hidden: boolean }
  /** Stops the run and frees everything it holds on the GPU. */
  | { type: 'reset' }
  /** Continues a prompt; answered by `sample` events, and `sample-failed` where there is no memory for it. */
  | {
      type: 'sample';
      requestId: number;
      prompt: Uint8Array;
      length: number;
      temperature: number;
      topK: number;
      seed: number;
      /** Index of the hierarchy that is left out of every merge; absent where all write. */
      muted?: number;
    }
  | { type: 'stop-sample'; requestId: number }
  /** Measures the run's model on the test part of its text, while training waits; answered by `scored` or `score-failed`. */
  | { type: 'score' }
  | { type: 'stop-score' }
  /** Reads a passage with the run's present parameters; bytes past one context are left out. Answered by `inspection`. */
  | { type: 'inspect'; requestId: number; text: Uint8Array; attention: boolean }
  /** Asks for the weights of one row as they were computed when the passage was inspected at `step`. */
  | { type: 'attention-row'; requestId: number; text: Uint8Array; step: number; row: AttentionRow }
  /**
   * Has this passage inspected (with attention) at steps 0, 1, 2, 5, 10, 20, 50 ... of the run and of later ones, as
   * `inspection` events with requestId 0; null ends it. Without it a run does nothing of the kind.
   */
  | { type: 'watch'; text: Uint8Array | null }
  /** Asks for bytes of the loaded text, at most 4,096; answered by `peek` if there is one. */
  | { type: 'peek'; requestId: number; offset: number; length: number }
  /** The next four ask for a text, of which the newest counts; answered by `corpus` or `corpus-failed` with that number. */
  | { type: 'use-embedded'; requestId: number; url: string }
  | { type: 'use-file'; requestId: number; file: Blob; name: string }
  | { type: 'use-synthetic'; requestId: number; id: SyntheticId }
  /** Opens enwik8 from the cache, else downloads (and resumes) it. */
  | { type: 'use-enwik8'; requestId: number; url: string }
  /**
   * Makes the text of that number, which is there, the present one. Until then the one before is, so that the worker never
   * has another than the page believes: a text that comes as it is given up is dropped.
   */
  | { type: 'take-text'; requestId: number }
  | { type: 'cancel-download' };
