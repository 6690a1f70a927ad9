import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { loss } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import type { RunPhase } from '../state/run-state.ts';
import type { RunMetrics } from '../state/run-metrics.ts';

/** A screen reader that is told more often cannot finish a sentence. */
const INTERVAL = 10_000;
/** A change of the smoothed loss that is worth a word. */
const NOTABLE = 0.02;

/** One polite line: each change of state at once, progress every ten seconds. */
export function LiveStatus() {
  const { curves, queue } = useSession();
  const phase = useRun((state) => state.phase);
  const runId = useRun((state) => state.runId);
  const without = useRun((state) => state.config === null);
  const begun = useStore(queue.store, (state) => state.begun);
  const [progress, setProgress] = useState('');
  useEffect(() => {
    if (phase.name !== 'training') return;
    let before = NaN;
    const timer = setInterval(() => {
      const { metrics } = curves.getState();
      setProgress(progressText(metrics, before));
      before = metrics.train.smoothed.last;
    }, INTERVAL);
    return () => {
      clearInterval(timer);
      setProgress('');
    };
  }, [phase.name, curves]);
  return (
    <p className="visually-hidden" role="status">
      {progress || phaseText(phase, without, begun?.runId === runId ? begun.name : null)}
    </p>
  );
}

function progressText(metrics: RunMetrics, before: number): string {
  const now = metrics.train.smoothed.last;
  if (!Number.isFinite(now)) return '';
  const change = now - before;
  const trend = Number.isNaN(change)
    ? ''
    : change < -NOTABLE
      ? ', falling'
      : change > NOTABLE
        ? ', rising'
        : ', steady';
  return `Step ${metrics.lastStep}, ${loss(now)} bits per byte${trend}.`;
}

/**
 * @param without whether there is no run that could have failed
 * @param queued what a run is called that has begun by itself, null for another
 */
function phaseText(phase: RunPhase, without: boolean, queued: string | null): string {
  switch (phase.name) {
    case 'idle':
      return '';
    case 'compiling':
      return queued === null ? 'Compiling shaders.' : `${queued} begins.`;
    case 'training':
      return queued === null ? 'Training.' : `${queued} trains.`;
    case 'paused':
      return 'Paused.';
    case 'done':
      return 'Training is done.';
    case 'diverged':
      return `Training diverged. The last finite step is ${phase.lastFiniteStep}.`;
    case 'lost':
      return 'The GPU was lost.';
    case 'failed':
      return `${without ? 'The engine' : 'Training'} failed. ${phase.failure.message}`;
  }
}
