import { setDetail } from './view.ts';
import type { View, ViewStore } from './view.ts';

/** What the x axis of a chart measures. */
export const xUnits = ['step', 'bytes', 'time', 'flops'] as const;
export type XUnit = (typeof xUnits)[number];

/** A part of an x axis, in its unit. */
export interface Span {
  from: number;
  to: number;
}

/** How all charts of a tab are drawn. */
export interface ChartView {
  x: XUnit;
  /** The part of the x axis that is looked at; null for the whole run. */
  zoom: Span | null;
  /** Logarithmic y axis. */
  log: boolean;
  /** Weight of the moving average in hundredths; 0 draws what was measured. */
  smoothing: number;
}

/** Tabs with charts. */
export type ChartTab = 'watch' | 'cmp';

/** 85: calm, and no more than six steps behind. Runs are compared by the work that went into them. */
const HOME: Record<ChartTab, ChartView> = {
  watch: { x: 'step', zoom: null, log: false, smoothing: 85 },
  cmp: { x: 'flops', zoom: null, log: false, smoothing: 85 },
};

/** What the control offers; a link may hold any other from 0 to 99. */
export const smoothingLevels: readonly number[] = [0, 60, 85, 95, 99];

const SMOOTHING = /^s(\d{1,2})$/;
const ZOOM = /^z=(\d{1,6}(?:e-?\d{1,2})?)~(\d{1,6}(?:e-?\d{1,2})?)$/;

const isOwn = (token: string): boolean =>
  token.startsWith('x=') || token.startsWith('z=') || token === 'log' || SMOOTHING.test(token);

/** Reads `x=bytes.z=12e5~3e6.log.s90`; what is not understood is as if it were not there. */
export function readChartView(tab: ChartTab, detail: string): ChartView {
  const tokens = detail.split('.');
  const x = xUnits.find((unit) => tokens.includes(`x=${unit}`));
  const smoothing = tokens.map((token) => SMOOTHING.exec(token)?.[1]).find((digits) => digits !== undefined);
  return {
    x: x ?? HOME[tab].x,
    zoom: tokens.map(readZoom).find((zoom) => zoom !== null) ?? null,
    log: tokens.includes('log'),
    smoothing: smoothing === undefined ? HOME[tab].smoothing : Number(smoothing),
  };
}

function readZoom(token: string): Span | null {
  const [from, to] = (ZOOM.exec(token) ?? []).slice(1).map(Number);
  return from < to ? { from, to } : null;
}

/** Six digits and a power of ten: a point would end the part of the position. 1.5 is `15e-1`. */
function withoutPoint(value: number): string {
  const [mantissa, exponent] = value.toExponential(5).split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '');
  const power = digits === '' ? 0 : Number(exponent) - (digits.length - 1);
  const zeros = power > 0 && digits.length + power <= 6 ? '0'.repeat(power) : null;
  return zeros === null ? `${digits || '0'}${power === 0 ? '' : `e${power}`}` : digits + zeros;
}

/** `detail` with another view in it: its defaults left out, other parts of the detail kept. */
export function writeChartView(tab: ChartTab, view: ChartView, detail: string): string {
  const home = HOME[tab];
  return [
    ...(view.x === home.x ? [] : [`x=${view.x}`]),
    ...(view.zoom === null ? [] : [`z=${withoutPoint(view.zoom.from)}~${withoutPoint(view.zoom.to)}`]),
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
  const next = { ...view, ...change(view) };
  // A part of one axis is none of another.
  const zoom = next.x === view.x ? next.zoom : null;
  setDetail(store, tab, writeChartView(tab, { ...next, zoom }, detail));
}

/** Has the charts of both tabs show whole runs again. */
export function leaveZoom(store: ViewStore): void {
  for (const tab of ['watch', 'cmp'] as const) {
    if (readChartView(tab, store.getState().details[tab]).zoom !== null) changeChartView(store, tab, () => WHOLE);
  }
}

/** Calls back when a place on the x axis of the charts that one sees is none any more: there are others, or it measures else. */
export function onOtherAxis(store: ViewStore, callback: () => void): void {
  const axis = ({ tab, detail }: View): string =>
    tab === 'watch' || tab === 'cmp' ? `${tab} ${readChartView(tab, detail).x}` : tab;
  store.subscribe((state, before) => {
    if (axis(state) !== axis(before)) callback();
  });
}

export const WHOLE: Pick<ChartView, 'zoom'> = { zoom: null };

/** The next x axis, round and round. */
export const nextX = ({ x }: ChartView): Partial<ChartView> => ({
  x: xUnits[(xUnits.indexOf(x) + 1) % xUnits.length],
});

export const otherScale = ({ log }: ChartView): Partial<ChartView> => ({ log: !log });

/** The next stronger smoothing on offer, and none after the strongest. */
export const nextSmoothing = ({ smoothing }: ChartView): Partial<ChartView> => ({
  smoothing: smoothingLevels.find((level) => level > smoothing) ?? 0,
});
