import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { encodeQuery } from '../../../src/config/codec/encode.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { configProblems } from '../../../src/ui/state/start-blocker.ts';
import { copying, experiments, withStreamsOf } from '../../../src/ui/run/experiments.ts';
import { ThingsToTry } from '../../../src/ui/run/ThingsToTry.tsx';
import { gpuAdapter } from '../support/fake-worker.ts';
import { markup, READY, recordedQuick, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

const queries = (preset: 'quick' | 'micro'): string[] =>
  experiments(presetConfig(preset)).map(({ config }) => encodeQuery(config, preset));

test('each thing to try is one change to the preset, which can be trained as it is', () => {
  for (const preset of ['quick', 'micro', 'two'] as const) {
    const all = experiments(presetConfig(preset));
    expect(all).toHaveLength(3);
    for (const { config, label } of all) {
      const errors = configProblems({ config }, READY.adapter!).filter(({ severity }) => severity === 'error');
      expect(errors, label).toEqual([]);
    }
  }
  expect(queries('quick')).toEqual(['v=1&p=quick&h=1', 'v=1&p=quick&h=1-w4_4', 'v=1&p=quick&h=1_4-s4']);
  expect(queries('micro')).toHaveLength(3);
});

test('a thing to try keeps all that the form says besides, before and after another one', () => {
  const { config } = decodeQuery('v=1&p=quick&st=500&lr=7e-4&sd=5');
  const [first] = experiments(withStreamsOf('quick', config));
  const [, , third] = experiments(withStreamsOf('quick', first.config));
  expect(encodeQuery(first.config, 'quick')).toBe(encodeQuery(config, 'quick').replace('p=quick', 'p=quick&h=1'));
  expect(third.config.training).toEqual(config.training);
});

test('copying is taught by a text of its own, in a context that holds some lines of it', () => {
  const taught = (query: string): string => {
    const { config, preset } = decodeQuery(query);
    return encodeQuery(copying(config).config, preset);
  };
  expect(taught('p=micro&sd=5')).toBe('v=1&p=micro&n=128&b=8&st=600&sd=5&ds=copy');
  expect(taught('p=quick')).toBe('v=1&p=quick&ds=copy');
  expect(taught('p=two&n=512&st=900')).toBe('v=1&p=two&n=512&st=900&ds=copy');
});

test('of a model without a coarser stream, or with several, nothing is suggested', () => {
  for (const preset of ['flat', 'readme3', 'readme4'] as const) expect(experiments(presetConfig(preset))).toEqual([]);
});

test('who has just come is shown what to try, also before the recording is there', () => {
  const labels = (state: object, query = ''): string[] =>
    [...markup(<ThingsToTry />, { ...READY, ...state }, query).matchAll(/<button[^>]*>(.*?)<\/button>/g)].map(
      ([, label]) => label,
    );
  const all = [
    'Take 4× away',
    'Let bytes see 4 bytes back',
    'Stride 4: 4× for less work',
    'Teach it to copy',
    'What does 4× look at?',
  ];
  expect(labels({ recorded: recordedQuick })).toEqual(all);
  expect(labels({ recorded: null, awaitsRecorded: true })).toEqual(all);
  expect(labels({ awaitsRecorded: false })).toEqual(all.slice(0, 4));
  expect(labels({ recorded: recordedQuick }, 'p=flat')).toEqual(all.slice(4));
  expect(labels({ recorded: recordedQuick, adapter: { state: 'no-device', message: '', info: gpuAdapter } })).toEqual(
    all.slice(4),
  );
});

test('the walk-throughs are a press away, and with a run of one’s own the suggestions are gone', () => {
  expect(markup(<ThingsToTry />, READY)).toContain('href="#about/walkthroughs"');
  expect(shown(<ThingsToTry />, { ...READY, phase: { name: 'compiling', done: 0, total: 0 } })).toBe('');
});

test('after a first run the suggestions are what it can be compared with, made from that run', () => {
  const ran = (query: string) => ({ ...recordOf('calm owl', decodeQuery(query).config, 20, 1e9), id: 1 });
  const said = (name: 'training' | 'done' | 'diverged', form: string, ...runs: ReturnType<typeof ran>[]): string =>
    shown(<ThingsToTry />, { ...READY, phase: { name } as never }, form, { runs, presentId: 1 });
  const first = ran('p=quick&st=40');
  expect(said('training', 'p=quick', first)).toBe('Next:when this run is through, take 4× away and compare.');
  expect(said('done', 'p=quick', first)).toBe(
    'Now compare it:Take 4× awayLet bytes see 4 bytes backStride 4: 4× for less work',
  );
  expect(said('done', 'p=quick&st=40&h=1', first)).toMatch(/How much worse .* Train it: Compare draws both\.$/);
  // Other steps would be another comparison.
  expect(said('done', 'p=quick&h=1', first)).not.toContain('Compare draws');
  expect(said('diverged', 'p=quick', first)).toBe('');
  expect(said('done', 'p=quick', { ...first, id: 2 }, first)).toBe('');
  // What was there before this visit leaves it a first run, unless it is one of the things to try.
  expect(said('done', 'p=quick', { ...ran('p=flat'), id: -1 }, first)).toContain('Take 4× away');
  expect(said('done', 'p=quick', { ...ran('p=quick&st=40&h=1'), id: -1 }, first)).toBe('');
  for (const other of ['p=quick&h=1', 'p=flat', 'p=quick&h=1-d80_4']) expect(said('done', other, ran(other))).toBe('');
});
