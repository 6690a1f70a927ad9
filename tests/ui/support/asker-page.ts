import { createStore } from 'zustand/vanilla';
import type { Command } from '../../../src/protocol/commands.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import type { AskerParts } from '../../../src/ui/state/asker.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';

/** What asks a run about texts is made of: its run, what is sent and heard, and timers that a test fires. */
export function askerPage(state: Partial<RunState> = {}) {
  const run = createStore<RunState>(() => ({ ...initialRunState, runId: 1, ...state }));
  const sent: Command[] = [];
  const timers: { callback: () => void; delay: number }[] = [];
  const page = { hidden: false, time: 0 };
  const listeners: ((event: WorkerEvent) => void)[] = [];
  const hear = (event: WorkerEvent): void => listeners.forEach((listener) => listener(event));
  let requests = 0;
  const parts: AskerParts = {
    run,
    worker: {
      send: (command) => sent.push(command),
      newRequestId: () => ++requests,
      listen: (listener) => {
        listeners.push(listener);
        return () => {};
      },
    },
    now: () => page.time,
    later: (callback, delay) => {
      const timer = { callback, delay };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
    hidden: () => page.hidden,
  };
  return { parts, run, sent, timers, page, hear };
}
