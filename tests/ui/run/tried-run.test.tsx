import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { encodeQuery } from '../../../src/config/codec/encode.ts';
import { triedRun } from '../../../src/ui/run/tried-run.ts';
import { TriedRunNote } from '../../../src/ui/run/TriedRunNote.tsx';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { markup, READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

const QUICK = 'p=quick&st=500&sd=5';
const AWAY = `${QUICK}&h=1`;

let last = 0;
const ran = (name: string, query: string): RunRecord => ({
  ...recordOf(name, decodeQuery(query).config, 20, 1e9),
  id: ++last,
});
const visit = (...runs: RunRecord[]) => ({ runs, presentId: runs.at(-1)!.id });

/** What is said of these runs, the last of which is the present one, while the form holds some configuration. */
const said = (name: 'training' | 'paused' | 'done', form: string, ...runs: RunRecord[]): string =>
  shown(<TriedRunNote />, { ...READY, phase: { name } }, form, visit(...runs));

test('a run that is a thing to try belongs to the model as it was, with all else as it has it', () => {
  const tried = triedRun(visit(ran('away', AWAY)))!;
  expect(tried.about).toMatch(/How much worse does the model get/);
  expect(encodeQuery(tried.former, tried.preset)).toBe(`v=1&${QUICK}`);
  expect(tried.other).toBeNull();
});

test('any other run belongs to none, and neither does one that a link brought', () => {
  expect(triedRun({ runs: [], presentId: null })).toBeNull();
  expect(triedRun(visit(ran('as it was', QUICK)))).toBeNull();
  expect(triedRun(visit(ran('wider', `${QUICK}&h=1-d80_4`)))).toBeNull();
  const sent = { ...ran('from the link', AWAY), origin: 'link' as const };
  expect(triedRun(visit(sent, ran('as it was', QUICK)))).toBeNull();
});

test('while it trains what to look for is said, and what comes next', () => {
  for (const name of ['training', 'paused'] as const) {
    expect(said(name, AWAY, ran('away', AWAY)), name).toMatch(
      /how much faster\? When this run is through, train the model as it was: Compare draws both\.$/,
    );
  }
});

test('once it is through, the model as it was is a press away, and then is to be trained', () => {
  const done = { ...READY, phase: { name: 'done' } as const };
  const runs = visit(ran('away', AWAY));
  expect(markup(<TriedRunNote />, done, AWAY, runs)).toMatch(/<button[^>]*>Put it into the form<\/button>/);
  expect(said('done', QUICK, ran('away', AWAY))).toMatch(/The form holds the model as it was: train it, and Compare/);
});

test('with both of them Compare comes next, whichever was trained first', () => {
  const away = ran('away', AWAY);
  const former = ran('as it was', QUICK);
  expect(said('training', QUICK, away, former)).toMatch(/ Compare draws this run and away\.$/);
  expect(said('done', AWAY, former, away)).toMatch(/how much faster\? Compare draws this run and as it was\.$/);
});

test('of the model as it was nothing is said that holds for the other', () => {
  const text = said('done', QUICK, ran('away', AWAY), ran('as it was', QUICK));
  expect(text).toMatch(/^The model as it was, to hold “Take 4× away” against\. Compare/);
});

test('what Compare does not draw of the two is to be pinned', () => {
  const away = ran('away', AWAY);
  const former = ran('as it was', QUICK);
  const between = ran('wider', `${QUICK}&h=1-d80_4`);
  const pin = /Compare draws both once you pin away there\.$/;
  expect(said('done', QUICK, away, between, former)).toMatch(pin);
  expect(said('done', QUICK, { ...between, pin: 0 }, away, former)).toMatch(pin);
  expect(said('done', QUICK, { ...away, pin: 0 }, between, former)).toMatch(/draws this run and away\.$/);
});
