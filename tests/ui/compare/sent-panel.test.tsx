import { describe, expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { withTraining } from '../../../src/config/problem.ts';
import { CompareTab } from '../../../src/ui/compare/CompareTab.tsx';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import type { SentRun } from '../../../src/ui/state/sent-runs.ts';
import { mobyDick } from '../support/fake-worker.ts';
import { markup, READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

const sent = (name: string, query: string, rest: Partial<SentRun> = {}): SentRun => {
  const { config, preset } = decodeQuery(`p=micro&st=20&${query}`);
  return { config, preset, name, complaints: [], curveId: null, ...rest };
};
const plain = sent('plain', '');
const wide = sent('wide <b>', 'h=1-d24_4');
const slow = sent('slow', 'lr=1e-4');
/** A run of these settings in the list of this page. */
const record = ({ config, name }: SentRun, id: number, rest: Partial<RunRecord> = {}): RunRecord => ({
  ...recordOf(name, config, 20, 1e9),
  id,
  text: mobyDick,
  ...rest,
});
const curve = (run: SentRun, id: number) =>
  record(run, id, { origin: 'link', name: `${run.name} from the link`, pin: 0 });

const panel = (compared: SentRun[], parts: object = {}, state: Partial<RunState> = READY): string =>
  shown(<CompareTab />, state, 'p=micro&st=20', { compared, ...parts });

describe('The comparison of a link', () => {
  test('lists its runs by name with what differs, and nothing stands in their place', () => {
    const text = panel([plain, wide, slow]);
    expect(text).toContain('plainMicro: steps 300→20not trained yet');
    expect(text).toContain('wide &lt;b&gt;plain: 1× width 16→24not trained yet');
    expect(text).toContain('slowplain: learning rate 3e-3→1e-4not trained yet');
    expect(text).toContain('Train all 3 here');
    expect(text).not.toContain('nothing to compare yet');
    expect(panel([])).not.toContain('The comparison of this link');
  });

  test('has what was sent beside what came of it here', () => {
    const runs = [curve(wide, -1), record(plain, 1), record({ ...slow, name: 'slow' }, 2)];
    const text = panel([plain, { ...wide, curveId: -1 }, slow], { runs });
    expect(text).toMatch(/plainMicro: steps 300→20from the link –here 80\.00/);
    expect(text).toMatch(/not trained here yetfrom the link 80\.00here –/);
    expect(text).toContain('Train 1 of 3 here');
  });

  test('tells a curve that ends before its run, and takes no run that has another seed', () => {
    const half = { ...curve(plain, -1), metrics: recordOf('', plain.config, 10, 1e9).metrics };
    const other = record({ ...plain, config: withTraining(plain.config, { seed: 3 }) }, 1);
    const text = panel([{ ...plain, curveId: -1 }, wide], { runs: [half, other] });
    expect(text).toMatch(/from the link, until step 10 90\.00here –/);
    expect(text).toContain('Train both here');
  });

  test('says what waits and what is being trained', () => {
    const runs = [record(plain, 4, { metrics: recordOf('', plain.config, 5, 1e9).metrics })];
    const training: Partial<RunState> = { ...READY, phase: { name: 'training' }, config: plain.config };
    const queue = { waiting: [{ ...wide, text: mobyDick }] };
    const text = panel([plain, wide], { runs, presentId: 4, queue }, training);
    expect(text).toContain('Micro: steps 300→20is being trained');
    expect(text).toContain('1× width 16→24waits for its turn');
    expect(text).toContain('All of them are trained here, or wait for their turn.');
  });

  test('says why one of them cannot be trained, and has no way to copy what is wrong', () => {
    const wrong = sent('wrong', '', { complaints: ['`b:-5` is not allowed'] });
    const text = panel([plain, wrong, sent('other', 'ds=enwik8')]);
    expect(text).toContain('Cannot be trained here: b:-5 is not allowed.');
    expect(text).toContain('Cannot be trained here: Its text is not open: open it under Data.');
    expect(text).toContain('Train 1 of 3 here');
    const html = markup(<CompareTab />, READY, '', { compared: [plain, wrong] });
    expect(html).toContain('aria-label="Edit a copy of plain"');
    expect(html).not.toContain('aria-label="Edit a copy of wrong"');
  });

  test('says once what holds for all of them', () => {
    const without = { ...READY, adapter: { state: 'none' as const, message: 'No WebGPU.' } };
    const [text] = panel([plain, wide], {}, without).split('A fair opponent');
    expect(text.split('This browser has no WebGPU.')).toHaveLength(2);
    expect(text).not.toContain('Cannot be trained here');
    expect(markup(<CompareTab />, without, '', { compared: [plain, wide] })).toMatch(
      /aria-disabled="true"[^>]*>Train both here/,
    );
  });

  test('says that no more can wait', () => {
    const waiting = Array.from({ length: 9 }, (_, seed) => ({
      ...plain,
      config: withTraining(plain.config, { seed: seed + 1 }),
      text: mobyDick,
    }));
    expect(panel([plain, wide], { queue: { waiting } })).toContain('At most 10 runs can wait.');
  });
});
