import { describe, expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { CompareTab } from '../../../src/ui/compare/CompareTab.tsx';
import { QueuePanel } from '../../../src/ui/compare/queue/QueuePanel.tsx';
import { RunsRail } from '../../../src/ui/compare/rail/RunsRail.tsx';
import { LiveStatus } from '../../../src/ui/run/LiveStatus.tsx';
import { Progress } from '../../../src/ui/run/Progress.tsx';
import type { ConfigState } from '../../../src/ui/state/config-store.ts';
import type { QueuedRun } from '../../../src/ui/state/queued-run.ts';
import type { QueueState, QueueWait } from '../../../src/ui/state/run-queue.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { mobyDick } from '../support/fake-worker.ts';
import { markup, READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

const { config, preset } = decodeQuery('p=micro');
const queued = (query: string): QueuedRun => ({ ...decodeQuery(query), text: mobyDick });
const waiting = [queued('p=micro&sd=1'), queued('p=micro&sd=2')];
const otter: RunRecord = { ...recordOf('steady otter', config, 20, 1e9), preset, text: mobyDick };
const training: Partial<RunState> = { ...READY, phase: { name: 'training' }, config, runCorpus: mobyDick };
const parts = { runs: [otter], presentId: otter.id };

describe('The queue', () => {
  const panel = (wait: QueueWait | null, queue = waiting): string =>
    shown(<QueuePanel />, training, 'p=micro', { ...parts, queue: { waiting: queue, wait } });

  test('names what waits by the run that it repeats, else by its settings, and says what for', () => {
    const text = panel({ why: 'training' }, [...waiting, queued('p=micro&b=7')]);
    expect(text).toContain('steady otter with seed 1Removesteady otter with seed 2RemoveMicro: batch 4→7Remove');
    expect(text).toContain('The next begins once steady otter is through.');
    expect(text).toContain('Remove all');
    expect(text).not.toContain('Go on with the next');
  });

  test('has a way on where nothing leads there by itself', () => {
    for (const why of ['keeping', 'diverged', 'failed', 'lost', 'opened', 'no run'] as const)
      expect(panel({ why }), why).toContain('Go on with the next');
    const reason = 'Its text, mine.txt, is not open: open it under Data.';
    expect(panel({ why: 'blocked', reason })).toContain(`The next cannot begin. ${reason}`);
    for (const wait of [{ why: 'paused' }, { why: 'measuring' }, { why: 'blocked', reason }] as const)
      expect(panel(wait), wait.why).not.toContain('Go on with the next');
  });

  test('takes what the form holds where that is another run than the present one', () => {
    const add = (query: string, state = training, queue: readonly QueuedRun[] = []): string =>
      markup(<QueuePanel />, state, query, { ...parts, queue: { waiting: queue } });
    expect(add('p=micro')).not.toContain('Queue');
    expect(add('p=micro&b=7')).toMatch(/<button(?![^>]*disabled)[^>]*>Queue what the form holds/);
    expect(add('p=micro&b=7', { ...training, phase: { name: 'done' } })).not.toContain('Queue');
    expect(add('p=micro', training, waiting)).toMatch(
      /<button[^>]*disabled[^>]*>Queue what.*That is the present run\./,
    );
    expect(add('p=micro&sd=2', training, waiting)).toMatch(/disabled[^>]*>Queue what.*It waits already\./);
  });

  test('takes what the form holds where that is another run only by a live setting that was not edited for this one', () => {
    const add = (edits: ConfigState['edits']): string => shown(<QueuePanel />, training, 'p=micro&lr=1e-5', { edits });
    expect(add({})).toContain('Queue what the form holds');
    // The run takes it up once it is typed to its end.
    expect(add({ learningRate: 'typing' })).toBe('');
  });

  test('says what is waited for in a place that is there before', () => {
    const status = (queue: Partial<QueueState>): string =>
      /<p[^>]*role="status">([^<]*)</.exec(markup(<QueuePanel />, training, 'p=micro', { ...parts, queue }))![1];
    expect(status({})).toBe('');
    expect(status({ waiting, wait: { why: 'training' } })).toBe('The next begins once steady otter is through.');
  });

  test('is there before there are runs, as after a reload', () => {
    const text = shown(<CompareTab />, READY, '', { queue: { waiting, wait: { why: 'no run' } } });
    expect(text).toMatch(/^Queue.*Micro: seed 0→1.*Micro: seed 0→2.*while there is no run.*nothing to compare yet/);
  });
});

describe('More seeds', () => {
  const button = (run: RunRecord, state: Partial<RunState> = training, queue: readonly QueuedRun[] = []): string => {
    const rail = markup(<RunsRail looks={new Map()} />, state, '', {
      ...parts,
      runs: [run],
      queue: { waiting: queue },
    });
    return /<button[^>]*>More seeds/.exec(rail)![0];
  };

  test('says which seeds come next', () => {
    expect(button(otter)).toContain(
      'title="Train this twice more, with seeds 1 and 2, one after the other, unattended"',
    );
    expect(button(otter, training, waiting)).toContain('with seeds 3 and 4');
    expect(button(otter)).not.toContain('disabled');
  });

  test('says why a run cannot be repeated', () => {
    const changed = { ...otter, metrics: otter.metrics.upTo(20) };
    changed.metrics.marks = [{ step: 7, name: 'learning rate 1e-3', settings: ['learningRate'] }];
    const own = { ...otter, config: { ...config, dataset: 'own' as const } };
    const long = { ...otter, config: { ...config, model: { ...config.model, contextLength: 2 ** 16 } } };
    const cases: [RunRecord, string][] = [
      [{ ...otter, origin: 'link' }, 'It came with a link: train its settings here first.'],
      [changed, 'Its settings were changed while it trained.'],
      [{ ...own, text: { name: 'mine.txt', sha256: null } }, 'Its text cannot be told from others.'],
      [{ ...own, text: { name: 'mine.txt', sha256: 'mine' } }, 'Its text, mine.txt, is not open: open it under Data.'],
      [long, 'The text is too short'],
      [{ ...otter, config: { ...config, training: { ...config.training, batchSize: 0 } } }, 'Batch 0 is not allowed'],
    ];
    for (const [run, why] of cases)
      expect(button(run)).toMatch(new RegExp(`aria-disabled="true" aria-describedby="[^"]+" title="${why}`));
    expect(button(otter, { ...training, adapter: { state: 'probing' } })).toContain('title="Looking for a GPU."');
    const many = Array.from({ length: 9 }, (_, seed) => queued(`p=micro&sd=${seed}`));
    expect(button(otter, training, many)).toContain('title="At most 10 runs can wait."');
  });
});

test('the progress says how many more wait, and leads there', () => {
  const progress = (count: number, state = training): string =>
    markup(<Progress />, state, 'p=micro', { queue: { waiting: waiting.slice(0, count) } });
  expect(progress(2)).toMatch(/<a [^>]*href="#cmp"[^>]*>2<span[^>]*> more wait</);
  expect(progress(2)).toContain('aria-label="2 more wait"');
  expect(progress(1)).toContain(' more waits<');
  expect(progress(2, READY)).toContain('> wait<');
  expect(progress(0)).not.toContain('wait');
});

test('a run that begins by itself is told to who does not look', () => {
  const queue = { begun: { runId: 3, name: 'steady otter with seed 1' } };
  const status = (state: Partial<RunState>): string => shown(<LiveStatus />, state, '', { queue });
  expect(status({ ...training, runId: 3, phase: { name: 'compiling', done: 0, total: 0 } })).toBe(
    'steady otter with seed 1 begins.',
  );
  expect(status({ ...training, runId: 3 })).toBe('steady otter with seed 1 trains.');
  expect(status({ ...training, runId: 4 })).toBe('Training.');
});
