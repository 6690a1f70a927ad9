import { useEffect, useReducer, useRef } from 'react';
import type { SuiteEvent } from '../bench/report.ts';
import { suiteOptions, type Choice } from './choice.ts';
import type { BenchMessage } from './messages.ts';

export interface BenchState {
  phase: 'idle' | 'running' | 'finished' | 'stopped' | 'failed';
  /** Every figure so far. */
  events: readonly SuiteEvent[];
  progress: { id: string; done: number; total: number } | null;
  message: string | null;
}

const IDLE: BenchState = { phase: 'idle', events: [], progress: null, message: null };

type Action = BenchMessage | { kind: 'started' } | { kind: 'stopped' };

function reduce(state: BenchState, action: Action): BenchState {
  switch (action.kind) {
    case 'started':
      return { ...IDLE, phase: 'running' };
    case 'stopped':
      return { ...state, phase: 'stopped' };
    case 'finished':
      return { ...state, phase: 'finished' };
    case 'broken-off':
      return { ...state, phase: 'failed', message: action.message };
    case 'progress':
      return { ...state, progress: action };
    case 'header':
    case 'ceilings':
    case 'kernel':
    case 'step':
    case 'texts':
    case 'soak':
    case 'skipped':
    case 'failed':
    case 'wrong':
      return { ...state, events: [...state.events, action] };
  }
}

/** The state of a run in a worker of its own, and how to start and stop it. */
export function useBench(): { state: BenchState; start(choice: Choice): void; stop(): void } {
  const [state, dispatch] = useReducer(reduce, IDLE);
  const worker = useRef<Worker | null>(null);
  const end = (): void => {
    worker.current?.terminate();
    worker.current = null;
  };
  useEffect(() => end, []);
  const start = (choice: Choice): void => {
    end();
    dispatch({ kind: 'started' });
    const made = new Worker(new URL('./bench-worker.ts', import.meta.url), { type: 'module', name: 'benchmark' });
    made.addEventListener('message', ({ data }: MessageEvent<BenchMessage>) => {
      dispatch(data);
      if (data.kind === 'finished' || data.kind === 'broken-off') end();
    });
    made.addEventListener('error', ({ message }) => {
      dispatch({ kind: 'broken-off', message: message || 'The worker could not be loaded.' });
      end();
    });
    made.postMessage(suiteOptions(choice));
    worker.current = made;
  };
  const stop = (): void => {
    end();
    dispatch({ kind: 'stopped' });
  };
  return { state, start, stop };
}
