import { expect, test } from 'vitest';
import { encodeText } from '../../../src/text/encode.ts';
import { RecordedNote } from '../../../src/ui/attention/RecordedNote.tsx';
import { bytes } from '../../../src/ui/format/quantity.ts';
import { NewestSample } from '../../../src/ui/run/NewestSample.tsx';
import { Progress } from '../../../src/ui/run/Progress.tsx';
import { RecordedBanner } from '../../../src/ui/run/RecordedBanner.tsx';
import { TrainHere } from '../../../src/ui/run/TrainHere.tsx';
import { TrainOne } from '../../../src/ui/run/TrainOne.tsx';
import type { AdapterState, TextSample } from '../../../src/ui/state/run-state.ts';
import { TRAINED } from '../../../src/ui/state/trained-facts.ts';
import { NoModel } from '../../../src/ui/text/NoModel.tsx';
import { gpuAdapter } from '../support/fake-worker.ts';
import { markup, READY, recordedQuick, shown } from '../support/render.tsx';

const sample = (step: number, text: string): TextSample => ({
  step,
  prompt: encodeText('Call me '),
  bytes: encodeText(text),
  done: true,
});
const NO_GPU: AdapterState[] = [
  { state: 'none', message: '' },
  { state: 'no-adapter', message: '' },
  { state: 'no-device', message: '', info: gpuAdapter },
];

test('the call beside the recording names what it trains, which may be another model', () => {
  expect(shown(<TrainHere />, READY, 'p=micro')).toBe('Train Micro here');
  expect(shown(<TrainHere detail=" (about 7 s)" />, READY, 'p=quick')).toBe('Train Quick here (about 7 s)');
  expect(shown(<TrainHere />, READY, 'p=micro&b=2')).toBe('Train with your settings here');
  expect(shown(<TrainHere />, READY, 'p=micro&ds=enwik8')).toBe('Train Micro here');
  expect(shown(<TrainHere />, READY, 'p=train')).toBe('Train “Training script” here');
});

test('room is kept for the banner of the recording until that is loaded, or known not to come', () => {
  expect(markup(<RecordedBanner />, READY)).toBe('<div class="recorded"></div>');
  expect(markup(<RecordedBanner />, { ...READY, awaitsRecorded: false })).toBe('');
  expect(shown(<RecordedBanner />, { ...READY, recorded: recordedQuick }, 'p=micro')).toBe(
    'Recorded: Quick, 612 k parameters, 300 steps in 0:18 on Radeon RX 7800 XT. Show Quick’s settings' +
      `Train Micro hereOpen a trained model (${bytes(TRAINED.bytes)})`,
  );
  const speed = { secondsPerFlop: 1e-12, secondsPerValue: 0, secondsPerDispatch: 0, sharesDispatches: false };
  expect(shown(<RecordedBanner />, { ...READY, recorded: recordedQuick, speed }, 'p=micro')).toMatch(
    /Train Micro here \((under 1|about \d+) s after compiling\)/,
  );
  expect(markup(<RecordedBanner />, { ...READY, phase: { name: 'compiling', done: 0, total: 0 } })).toBe('');
});

test('where nothing can be trained nobody is asked to, but told why where the call would be', () => {
  for (const adapter of NO_GPU) {
    const state = { ...READY, adapter, recorded: recordedQuick, samples: [sample(10, 'Ishmael')] };
    expect(shown(<RecordedBanner />, state)).toMatch(
      /^Recorded: Quick, .* on Radeon RX 7800 XT\. Why nothing trains here$/,
    );
    expect(shown(<RecordedNote />, state)).toMatch(/^Recorded: Quick, 612 k parameters\.$/);
    expect(shown(<NoModel />, state)).toBe('What the recorded run wrote Quickstep 10Call me Ishmael');
    expect(markup(<TrainOne />, { ...READY, adapter })).toMatch(/^<p class="hint">[^<]+<\/p>$/);
  }
});

test('a GPU that was lost is told of above, and not at the recording', () => {
  const adapter: AdapterState = { state: 'no-device', message: '', info: gpuAdapter, lost: true };
  expect(shown(<RecordedBanner />, { ...READY, adapter, recorded: recordedQuick })).not.toContain('Why nothing');
});

test('before there is a model the Text tab shows what the recorded run wrote, from the first step on', () => {
  const samples = [sample(300, 'a whale'), sample(10, 'wh?')];
  const text = shown(<NoModel />, { ...READY, recorded: recordedQuick, samples });
  expect(text).toContain('step 10Call me wh?step 300Call me a whale');
  expect(text).toContain('Train one');

  const without = shown(<NoModel />, READY);
  expect(without).toContain('There is no model yet that could write or read a text.');
  expect(without).not.toContain('recorded');
});

test('beside the figure stands what was written last, without one that has only begun', () => {
  const samples = [sample(25, ''), sample(10, 'Ishmael')];
  expect(shown(<NewestSample />, { ...READY, samples })).toBe('step 10 wroteCall me Ishmael');
  expect(markup(<NewestSample />, READY)).toBe('<p class="headline-sample"></p>');
});

test('shaders are not counted before it is known how many there are', () => {
  const progress = (done: number, total: number): string =>
    shown(<Progress />, { ...READY, phase: { name: 'compiling', done, total } });
  expect(progress(0, 0)).toBe('Preparing shaders');
  expect(progress(3, 33)).toBe('Compiling shaders 3 / 33');
});
