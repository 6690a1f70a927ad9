import type { Buckets } from './buckets.ts';

/** Pixel of a value. A value that has no place on the scale (log of 0) may give undefined or NaN and is left out. */
export type Scale = (value: number) => number | undefined;

/** Path through the last value of every bucket: the line of a smoothed series. */
export function linePath(buckets: Buckets, scaleX: Scale, scaleY: Scale): string {
  const pen = new Pen(scaleX, scaleY);
  for (let i = 0; i < buckets.count; i++) pen.to(buckets.x[i], buckets.last[i]);
  return pen.path;
}

/** Path through smallest and largest value of every bucket, in the order in which they came: the noise, spikes kept. */
export function rangePath(buckets: Buckets, scaleX: Scale, scaleY: Scale): string {
  const pen = new Pen(scaleX, scaleY);
  for (let i = 0; i < buckets.count; i++) {
    const { min, max } = buckets;
    const first = buckets.rising[i] === 1 ? min[i] : max[i];
    pen.to(buckets.x[i], first);
    if (min[i] !== max[i]) pen.to(buckets.x[i], first === min[i] ? max[i] : min[i]);
  }
  return pen.path;
}

/** The line closed down to the pixel row `bottom`. */
export function areaPath(buckets: Buckets, scaleX: Scale, scaleY: Scale, bottom: number): string {
  const pen = new Pen(scaleX, scaleY);
  for (let i = 0; i < buckets.count; i++) pen.to(buckets.x[i], buckets.last[i]);
  if (pen.path === '') return '';
  return `${pen.path}L${pen.lastX.toFixed(1)} ${bottom.toFixed(1)}L${pen.firstX.toFixed(1)} ${bottom.toFixed(1)}Z`;
}

/** All from the lowest of one line to the highest of another in every bucket, the same ones for both. */
export function bandPath(low: Buckets, high: Buckets, scaleX: Scale, scaleY: Scale): string {
  const pen = new Pen(scaleX, scaleY);
  for (let i = 0; i < high.count; i++) pen.to(high.x[i], high.max[i]);
  for (let i = low.count - 1; i >= 0; i--) pen.to(low.x[i], low.min[i]);
  return pen.path === '' ? '' : `${pen.path}Z`;
}

class Pen {
  path = '';
  firstX = NaN;
  lastX = NaN;
  private readonly scaleX: Scale;
  private readonly scaleY: Scale;

  constructor(scaleX: Scale, scaleY: Scale) {
    this.scaleX = scaleX;
    this.scaleY = scaleY;
  }

  to(x: number, y: number): void {
    if (Number.isNaN(x)) return;
    const at = pixel(x, y, this.scaleX, this.scaleY);
    if (at === null) return;
    if (this.path === '') this.firstX = at[0];
    this.lastX = at[0];
    this.path += `${this.path === '' ? 'M' : 'L'}${at[0].toFixed(1)} ${at[1].toFixed(1)}`;
  }
}

const DOT_RADIUS = 3;

/** One path of a dot at the last value of every bucket. */
export function dotsPath(buckets: Buckets, scaleX: Scale, scaleY: Scale): string {
  let path = '';
  for (let i = 0; i < buckets.count; i++) {
    const at = Number.isNaN(buckets.x[i]) ? null : pixel(buckets.x[i], buckets.last[i], scaleX, scaleY);
    if (at === null) continue;
    const [x, y] = at;
    const half = `a${DOT_RADIUS} ${DOT_RADIUS} 0 1 0`;
    path += `M${(x - DOT_RADIUS).toFixed(1)} ${y.toFixed(1)}${half} ${2 * DOT_RADIUS} 0${half} ${-2 * DOT_RADIUS} 0`;
  }
  return path;
}

function pixel(x: number, y: number, scaleX: Scale, scaleY: Scale): [x: number, y: number] | null {
  const px = scaleX(x);
  const py = scaleY(y);
  return px === undefined || py === undefined || !Number.isFinite(px) || !Number.isFinite(py) ? null : [px, py];
}
