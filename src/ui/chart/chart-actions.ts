import type { Session } from '../session.ts';
import type { Action } from '../shell/action.ts';
import { changeChartView, nextSmoothing, nextX, otherScale } from '../state/chart-view.ts';
import type { ChartTab, ChartView } from '../state/chart-view.ts';

function openChartTab({ view }: Session): ChartTab | null {
  const { tab } = view.getState();
  return tab === 'watch' || tab === 'cmp' ? tab : null;
}

function chartAction(
  name: string,
  label: string,
  key: string,
  change: (view: ChartView) => Partial<ChartView>,
): Action {
  return {
    name,
    label,
    key,
    isEnabled: (session) => openChartTab(session) !== null,
    perform: (session) => {
      const tab = openChartTab(session);
      if (tab !== null) changeChartView(session.view, tab, change);
    },
  };
}

/** Shortcuts for how charts are drawn, where there are charts. */
export const chartActions: readonly Action[] = [
  chartAction('x-axis', 'Next x axis of the charts', 'x', nextX),
  chartAction('log-y', 'Logarithmic or linear y axis', 'l', otherScale),
  chartAction('smoothing', 'Next smoothing of the curves', 'm', nextSmoothing),
];
