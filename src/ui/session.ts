import { createContext, useContext } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import { useStore } from 'zustand';
import type { AwayStore } from './state/away.ts';
import type { ConfigState, ConfigStore } from './state/config-store.ts';
import type { Curves, CurvesStore } from './state/curves.ts';
import type { Edits } from './state/edits.ts';
import type { ExactRows } from './state/exact-rows.ts';
import type { Inspector } from './state/inspector.ts';
import type { RunFile } from './state/run-file.ts';
import type { StoredRecords } from './state/stored-records.ts';
import type { StoredRuns } from './state/stored-runs.ts';
import type { LinkSync } from './state/link-sync.ts';
import type { LossReader } from './state/loss-reader.ts';
import type { RunController } from './state/run-controller.ts';
import type { RunQueue } from './state/run-queue.ts';
import type { RunState } from './state/run-state.ts';
import type { RunsStore } from './state/runs.ts';
import type { SentRunsStore } from './state/sent-runs.ts';
import type { ShellStore } from './state/shell.ts';
import type { TestScorer } from './state/test-scorer.ts';
import type { TrainedModel } from './state/trained-model.ts';
import type { TextOpener } from './state/text-opener.ts';
import type { TextPeek } from './state/text-peek.ts';
import type { TextWriter } from './state/text.ts';
import type { ThemeStore } from './state/theme.ts';
import type { View, ViewStore } from './state/view.ts';

/** Where the pointer is on the x axis of all charts; null when it is on none. */
export type HoverStore = StoreApi<{ x: number | null }>;

/** All that one page holds. */
export interface Session {
  /** Whether the page is a part of another one: one view and what trains it, and nothing that leads elsewhere within it. */
  embedded: boolean;
  config: ConfigStore;
  edits: Edits;
  run: StoreApi<RunState>;
  curves: CurvesStore;
  runs: RunsStore;
  sent: SentRunsStore;
  hover: HoverStore;
  away: AwayStore;
  theme: ThemeStore;
  link: LinkSync;
  view: ViewStore;
  shell: ShellStore;
  controller: RunController;
  texts: TextOpener;
  queue: RunQueue;
  storedRuns: StoredRuns;
  storedRecords: StoredRecords;
  runFile: RunFile;
  trained: TrainedModel;
  inspector: Inspector;
  exactRows: ExactRows;
  writer: TextWriter;
  peek: TextPeek;
  scorer: TestScorer;
  /** The passage of the Text tab, and the one that the Watch tab always shows. */
  losses: Record<'text' | 'watch', LossReader>;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession: given a component outside of SessionContext, needs one inside');
  return session;
}

export function useConfig<T>(select: (state: ConfigState) => T): T {
  return useStore(useSession().config, select);
}

export function useRun<T>(select: (state: RunState) => T): T {
  return useStore(useSession().run, select);
}

/** The run's columns; renders again when they have grown, at most four times a second. */
export function useCurves(): Curves {
  return useStore(useSession().curves);
}

/** The open tab and the visitor's position in it. */
export function useView(): View {
  return useStore(useSession().view);
}
