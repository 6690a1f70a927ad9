import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { changeChartView, readChartView } from '../state/chart-view.ts';
import type { ChartTab, ChartView } from '../state/chart-view.ts';

/** The tab whose position says how its charts are drawn. */
export const ChartTabContext = createContext<ChartTab>('watch');

/** How the charts around here are drawn, and a way to change it. */
export function useChartView(): [ChartView, (change: (view: ChartView) => Partial<ChartView>) => void] {
  const tab = useContext(ChartTabContext);
  const { view: store } = useSession();
  const detail = useStore(store, ({ details }) => details[tab]);
  const view = useMemo(() => readChartView(tab, detail), [tab, detail]);
  return [view, (change) => changeChartView(store, tab, change)];
}
