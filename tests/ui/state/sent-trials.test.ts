import { describe, expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { withTraining } from '../../../src/config/problem.ts';
import type { SentRun } from '../../../src/ui/state/sent-runs.ts';
import { sentTrials, whyNotSent } from '../../../src/ui/state/sent-trials.ts';
import type { Readiness } from '../../../src/ui/state/queued-run.ts';
import type { Begun } from '../../../src/ui/state/trials.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { mobyDick, softwareAdapter } from '../support/fake-worker.ts';
import { recordOf } from '../support/run-record.ts';

const sent = (name: string, query: string, complaints: string[] = []): SentRun => {
  const { config, preset } = decodeQuery(`p=micro&st=20&${query}`);
  return { config, preset, name, complaints, curveId: null };
};
const plain = sent('plain', '');
const deep = sent('deep', 'l=2');

const NOTHING: Begun = { runs: [], activeId: null, waiting: [] };
const told = (runs: readonly SentRun[], count: number, begun: Partial<Begun> = {}) =>
  sentTrials(runs, count, mobyDick, { ...NOTHING, ...begun }).map(({ config: { model, training }, name }) => [
    name,
    model.depth,
    training.seed,
  ]);

/** A run of these settings that made so many of its 20 steps here. */
function trained({ config }: SentRun, seed: number, steps = 20): RunRecord {
  return { ...recordOf(`seed ${seed}`, withTraining(config, { seed }), steps, 1e9), text: mobyDick };
}

describe('The runs of a link', () => {
  test('are trained as they were sent, by their names, with seeds of their own', () => {
    expect(told([plain, deep, sent('again', 'sd=7')], 1)).toEqual([
      ['plain', 1, 0],
      ['deep', 2, 0],
      ['again', 1, 7],
    ]);
  });

  test('are not trained twice, nor where they are trained already, under way, or waiting', () => {
    expect(told([plain, sent('twin', ''), deep], 1)).toEqual([
      ['plain', 1, 0],
      ['deep', 2, 0],
    ]);
    expect(told([plain, deep], 1, { runs: [trained(plain, 0), trained(deep, 1)] })).toEqual([['deep', 2, 0]]);
    const half = trained(plain, 0, 10);
    expect(told([plain], 1, { runs: [half] })).toEqual([['plain', 1, 0]]);
    expect(told([plain], 1, { runs: [half], activeId: half.id })).toEqual([]);
    expect(told([plain, deep], 1, { waiting: [{ ...deep, text: mobyDick }] })).toEqual([['plain', 1, 0]]);
    expect(told([plain], 1, { runs: [{ ...trained(plain, 0), origin: 'link' }] })).toEqual([['plain', 1, 0]]);
  });

  test('have the seeds that come next, turn by turn and without a name, where more of each are wanted', () => {
    expect(told([plain, sent('again', 'sd=1'), deep], 3, { runs: [trained(deep, 1)] })).toEqual([
      ['plain', 1, 0],
      ['deep', 2, 0],
      ['again', 1, 1],
      [undefined, 1, 2],
      [undefined, 2, 2],
    ]);
    expect(told([sent('last', 'sd=4294967295')], 2)).toEqual([
      ['last', 1, 4_294_967_295],
      [undefined, 1, 0],
    ]);
  });

  test('say why one of them cannot be trained', () => {
    const page: Readiness = { adapter: { state: 'ready', info: softwareAdapter }, corpus: mobyDick, loading: null };
    expect(whyNotSent(plain, page)).toBeNull();
    const wrong = sent('wrong', '', ['`b:-5` is not allowed (needs more)', 'Stride 8 is larger than factor 4.']);
    expect(whyNotSent(wrong, page)).toBe('`b:-5` is not allowed (needs more); Stride 8 is larger than factor 4.');
    expect(whyNotSent(plain, { ...page, adapter: { state: 'probing' } })).toBe('Looking for a GPU.');
    expect(whyNotSent(sent('large', 'b=4096&n=32768&l=64'), page)).toMatch(/MiB/);
    expect(whyNotSent(sent('enwik8', 'ds=enwik8'), page)).toMatch(/^Its text is not open/);
    const own = sent('own', 'ds=own');
    expect(whyNotSent(own, page)).toMatch(/^Its text is not open/);
    const mine = { ...mobyDick, dataset: 'own' as const, name: 'mine.txt' };
    expect(whyNotSent(own, { ...page, corpus: mine })).toBeNull();
    expect(whyNotSent(own, { ...page, corpus: { ...mine, sha256: null } })).toBe(
      'The text cannot be told from others.',
    );
  });
});
