import { setDetail } from './view.ts';
import type { ViewStore } from './view.ts';

/** What the x axis of a chart measures. */
export const xUnits = ['step', 'bytes', 'time', 'flops'] as const;
export type XUnit = (typeof xUnits)[number];

/** How all charts of a tab are drawn. */
export interface ChartView {
  x: XUnit;
  /** Logarithmic y axis. */
  log: boolean;
  /** Weight of the moving average in hundredths; 0 draws what was measured. */
  smoothing: number;
}

/** Tabs with charts. */
export type ChartTab = 'watch' | 'cmp';

/** 85: calm, and no more than six steps behind. Runs are compared by the work that went into them. */
const HOME: Record<ChartTab, ChartView> = {
  watch: { x: 'step', log: false, smoothing: 85 },
  cmp: { x: 'flops', log: false, smoothing: 85 },
};

/** What the control offers; a link may hold any other from 0 to 99. */
export const smoothingLevels: readonly number[] = [0, 60, 85, 95, 99];

const SMOOTHING = /^s(\d{1,2})$/;

const isOwn = (token: string): boolean => token.startsWith('x=') || token === 'log' || SMOOTHING.test(token);

/** Reads `x=bytes.log.s90`; what is not understood is as if it were not there. */
export function readChartView(tab: ChartTab, detail: string): ChartView {
  const tokens = detail.split('.');
  const x = xUnits.find((unit) => tokens.includes(`x=${unit}`));
  const smoothing = tokens.map((token) => SMOOTHING.exec(token)?.[1]).find((digits) => digits !== undefined);
  return {
    x: x ?? HOME[tab].x,
    log: tokens.includes('log'),
    smoothing: smoothing === undefined ? HOME[tab].smoothing : Number(smoothing),
  };
}

/** `detail` with another view in it: its defaults left out, other parts of the detail kept. */
export function writeChartView(tab: ChartTab, view: ChartView, detail: string): string {
  const home = HOME[tab];
  return [
    ...(view.x === home.x ? [] : [`x=${view.x}`]),
    ...(view.log ? ['log'] : []),
    ...(view.smoothing === home.smoothing ? [] : [`s${view.smoothing}`]),
    ...detail.split('.').filter((token) => token !== '' && !isOwn(token)),
  ].join('.');
}

export function changeChartView(
  store: ViewStore,
  tab: ChartTab,
  change: (view: ChartView) => Partial<ChartView>,
): void {
  const detail = store.getState().details[tab];
  const view = readChartView(tab, detail);
  setDetail(store, tab, writeChartView(tab, { ...view, ...change(view) }, detail));
}

/** The next x axis, round and round. */
export const nextX = ({ x }: ChartView): Partial<ChartView> => ({
  x: xUnits[(xUnits.indexOf(x) + 1) % xUnits.length],
});

export const otherScale = ({ log }: ChartView): Partial<ChartView> => ({ log: !log });

/** The next stronger smoothing on offer, and none after the strongest. */
export const nextSmoothing = ({ smoothing }: ChartView): Partial<ChartView> => ({
  smoothing: smoothingLevels.find((level) => level > smoothing) ?? 0,
});
