import { expect, test } from 'vitest';
import type { TestScore } from '../../../src/protocol/test-score.ts';
import { TestScorer } from '../../../src/ui/state/test-scorer.ts';
import { lostPage, readyPage, trainingPage } from '../support/run-page.ts';

const score: TestScore = { step: 20, bits: Float64Array.of(10, 12), bytes: Float64Array.of(4, 4) };

function scoringPage(page: ReturnType<typeof readyPage> = trainingPage()) {
  const scorer = new TestScorer({ run: page.run, worker: page.worker });
  const asked = (): string[] => page.said().filter((type) => /score/.test(type));
  return { ...page, scorer, asked, state: () => scorer.store.getState() };
}

test('the present run is measured once at a time, and the result is among what it has measured', () => {
  const { scorer, asked, state, emit, runId, curves } = scoringPage();
  scorer.measure();
  scorer.measure();
  expect(asked()).toEqual(['score']);
  emit({ type: 'scoring', runId: runId(), share: 0.4 });
  expect(state().share).toBe(0.4);
  const { revision } = curves.getState();
  emit({ type: 'scored', runId: runId(), score });
  expect(state()).toEqual({ share: null, failure: null });
  expect(curves.getState().metrics.testScore).toBe(score);
  expect(curves.getState().revision).toBeGreaterThan(revision);
});

test('what is ended leaves the result before it, and can be begun again', () => {
  const { scorer, asked, state, emit, runId, curves } = scoringPage();
  curves.getState().metrics.testScore = score;
  scorer.stop();
  scorer.measure();
  scorer.stop();
  expect(asked()).toEqual(['score', 'stop-score']);
  emit({ type: 'scored', runId: runId(), score: null });
  expect(state().share).toBeNull();
  expect(curves.getState().metrics.testScore).toBe(score);
  scorer.measure();
  expect(asked()).toHaveLength(3);
});

test('why it failed is said until it is begun again', () => {
  const { scorer, state, emit, runId } = scoringPage();
  scorer.measure();
  emit({ type: 'score-failed', runId: runId(), message: 'too short' });
  expect(state()).toEqual({ share: null, failure: 'too short' });
  scorer.measure();
  expect(state()).toEqual({ share: 0, failure: null });
});

test('without a run nothing is asked', () => {
  const { scorer, asked } = scoringPage(readyPage());
  scorer.measure();
  expect(asked()).toEqual([]);
});

test('a measurement ends with its device, and the run that comes back can be measured', () => {
  const page = scoringPage(lostPage());
  page.scorer.measure();
  expect(page.asked()).toEqual([]);
  (page as unknown as ReturnType<typeof lostPage>).comeBack();
  page.scorer.measure();
  expect(page.state().share).toBe(0);
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  expect(page.state().share).toBeNull();
});

test('a run that takes the place of the one that is measured has nothing of it', () => {
  const { scorer, state, emit, runId, controller, curves } = scoringPage();
  scorer.measure();
  const before = runId();
  controller.startOver();
  expect(state().share).toBeNull();
  emit({ type: 'scored', runId: before, score });
  expect(curves.getState().metrics.testScore).toBeNull();
});

test('while nothing is measured, and nothing failed, what a run does changes nothing', () => {
  const { scorer, emit, runId, controller, state } = scoringPage();
  scorer.measure();
  emit({ type: 'scored', runId: runId(), score });
  let changes = 0;
  scorer.store.subscribe(() => changes++);
  // One that comes late.
  emit({ type: 'scoring', runId: runId(), share: 0.9 });
  emit({ type: 'failed', runId: runId(), failure: { kind: 'internal', message: 'no reason' } });
  controller.reset();
  expect(changes).toBe(0);
  expect(state()).toEqual({ share: null, failure: null });
});
