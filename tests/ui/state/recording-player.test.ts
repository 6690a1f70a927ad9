import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { packInspection, toBase64, unpackInspection, type Recording } from '../../../src/protocol/recording.ts';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { addSentRuns, keepRuns } from '../../../src/ui/state/runs.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import { loadRecording } from '../../../src/ui/state/recording.ts';
import { RecordingPlayer } from '../../../src/ui/state/recording-player.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';

const STEPS = 200;
const column = (scale: number): number[] => Array.from({ length: STEPS }, (_, i) => scale / (i + 1));

const inspection: Inspection = {
  text: Uint8Array.of(65, 0, 255),
  hierarchies: [{ factor: 1, stride: 1, dilation: 1, window: 2, tokens: 3, heads: 1 }],
  bits: Float32Array.of(NaN, 2.5, 0.125),
  ranks: Uint16Array.of(0, 17, 1),
  candidates: { count: 1, bytes: Uint8Array.of(1, 2, 3), probabilities: Float32Array.of(0.5, 0.25, 0.125) },
  bitsWithout: [null],
  layers: [],
  attention: [
    {
      layer: 0,
      hierarchy: 0,
      span: 3,
      weights: Uint8Array.of(255, 0, 0, 128, 127, 0, 85, 85, 85),
      meanDistance: Float32Array.of(0.5),
      entropy: Float32Array.of(1.25),
    },
  ],
  mergeShares: [Float32Array.of(0.2, 0.8, 0, 1, 0.4, 0.6)],
  reconstructions: [
    null,
    {
      firstToken: 1,
      bytes: Uint8Array.of(66, 0, 0),
      likeliest: Float32Array.of(0.5, NaN, NaN),
      actual: Float32Array.of(0.25, NaN, NaN),
    },
  ],
};

const recording: Recording = {
  version: 1,
  query: 'p=quick&st=200',
  adapter: 'a test',
  seconds: 20,
  corpus: { dataset: 'sample', name: 'x', bytes: 9, trainBytes: 8, validationBytes: 1, order0Bits: 4, gzipBits: 3 },
  started: { parameters: 1, flopsPerStep: 2, engineBytes: 3, pipelines: 4, dispatches: 5 },
  metrics: {
    trainBpb: column(8),
    recon: [null, column(6)],
    ar: [null, column(1)],
    gradNorm: column(1),
    learningRate: column(1),
    activeSeconds: Array.from({ length: STEPS }, (_, i) => (i + 1) / 10),
  },
  validation: [
    { step: 99, bpb: 4 },
    { step: 200, bpb: 3, spread: [null, 0.6] },
  ],
  samples: [
    { step: 0, prompt: toBase64(Uint8Array.of(72)), bytes: toBase64(Uint8Array.of(1, 2)) },
    { step: 200, prompt: toBase64(Uint8Array.of(72)), bytes: toBase64(Uint8Array.of(105)) },
  ],
  inspections: [{ step: 0, inspection: packInspection(inspection) }],
};

function openPage(loaded: Recording | null, still: boolean) {
  const run = createStore<RunState>(() => initialRunState);
  const curves = createCurvesStore();
  const runs = keepRuns({ run, curves });
  const frames: (() => void)[] = [];
  const shown: unknown[] = [];
  const visitor = { watches: true, redraws: 0 };
  const player = new RecordingPlayer({
    run,
    curves,
    runs,
    inspector: { showRecorded: (captures) => shown.push(...captures) },
    requestRevision: () => visitor.redraws++,
    load: async () => loaded,
    later: (callback) => frames.push(callback),
    still: () => still,
    watched: () => visitor.watches,
  });
  return { run, curves, runs, frames, shown, player, visitor };
}

describe('a recorded run', () => {
  it('plays in frames, and ends with all that was recorded', async () => {
    const { run, curves, frames, shown, player } = openPage(recording, false);
    await player.open();
    const { metrics } = curves.getState();
    expect(metrics.step.length).toBeGreaterThan(0);
    expect(metrics.step.length).toBeLessThan(STEPS);
    expect(run.getState().recorded).toMatchObject({
      adapter: 'a test',
      seconds: 20,
      steps: STEPS,
      preset: 'quick',
      corpus: { name: 'x' },
    });
    while (frames.length > 0) frames.shift()!();
    expect(metrics.lastStep).toBe(STEPS);
    expect(metrics.recon[0]).toBeNull();
    expect(metrics.recon[1]?.y.length).toBe(STEPS);
    expect(metrics.validationStep.length).toBe(2);
    expect([...metrics.spread[1]!.y.view()]).toEqual([NaN, 0.6]);
    expect(run.getState().samples.map(({ step }) => step)).toEqual([200, 0]);
    expect(shown).toHaveLength(1);
  });

  it('stands whole at once for who wants no motion', async () => {
    const { curves, frames, player, visitor } = openPage(recording, true);
    await player.open();
    expect(curves.getState().metrics.lastStep).toBe(STEPS);
    expect(visitor.redraws).toBe(1);
    expect(frames).toHaveLength(0);
  });

  it('stands whole at once on a tab that speaks of all of it, and on one that is opened meanwhile', async () => {
    const elsewhere = openPage(recording, false);
    elsewhere.visitor.watches = false;
    await elsewhere.player.open();
    expect(elsewhere.curves.getState().metrics.lastStep).toBe(STEPS);

    const { curves, frames, player, visitor } = openPage(recording, false);
    await player.open();
    visitor.watches = false;
    frames.shift()!();
    expect(curves.getState().metrics.lastStep).toBe(STEPS);
    expect(curves.getState().metrics.step.length).toBe(STEPS);
    while (frames.length > 0) frames.shift()!();
    expect(curves.getState().metrics.step.length).toBe(STEPS);
  });

  it('gives way to a run of the visitor: no frame follows', async () => {
    const { run, curves, frames, player } = openPage(recording, false);
    await player.open();
    const { length } = curves.getState().metrics.step;
    run.setState({ runId: 7, recorded: null });
    while (frames.length > 0) frames.shift()!();
    expect(curves.getState().metrics.step.length).toBe(length);
  });

  it('is not shown when a run was quicker than its file, and is missed by nobody', async () => {
    const late = openPage(recording, true);
    late.run.setState({ phase: { name: 'compiling', done: 0, total: 1 } });
    await late.player.open();
    expect(late.curves.getState().metrics.step.length).toBe(0);
    const without = openPage(null, true);
    expect(without.run.getState().awaitsRecorded).toBe(true);
    await without.player.open();
    expect(without.run.getState().recorded).toBeNull();
    for (const { run } of [late, without]) expect(run.getState().awaitsRecorded).toBe(false);
  });

  it('leaves the charts to a curve that came with the link', async () => {
    const { run, curves, runs, player } = openPage(recording, true);
    addSentRuns(runs, [{ config: presetConfig('micro'), preset: 'micro', metrics: new RunMetrics() }]);
    await player.open();
    expect(run.getState().recorded).toBeNull();
    expect(curves.getState().metrics.step.length).toBe(0);
  });

  it('keeps inspections to three digits, bytes exactly, and NaN', () => {
    expect(unpackInspection(JSON.parse(JSON.stringify(packInspection(inspection))))).toEqual(inspection);
  });

  it('reads inspections from before ranks, shares of merges and reconstructions were told', () => {
    const { mergeShares: _shares, ranks: _ranks, reconstructions: _kept, ...old } = packInspection(inspection);
    expect(unpackInspection(old)).toEqual({
      ...inspection,
      mergeShares: [],
      reconstructions: [],
      ranks: new Uint16Array(),
    });
  });

  it.each(['', 'no json', '{}', '{"version":2}', '{"version":1,"metrics":{"trainBpb":[]}}'])(
    'is nothing when the file says %j',
    async (text) => {
      expect(await loadRecording(async () => text)).toBeNull();
    },
  );

  it('is nothing when there is no file', async () => {
    expect(await loadRecording(() => Promise.reject(new Error('404')))).toBeNull();
  });
});
