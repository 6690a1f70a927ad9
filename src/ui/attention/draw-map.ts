import type { HierarchyGeometry } from '../../protocol/inspection.ts';
import { laneAt, tokenAt, tokenSpan } from './lane-bins.ts';
import { columnPlace, rowPlace } from './map-cell.ts';
import type { MapCell } from './map-cell.ts';
import type { MapView } from './position.ts';
import { axisStep } from './stage-layout.ts';

/** The part of a map that is shown, as shares of its width and height. */
export interface Viewport {
  x: number;
  y: number;
  /** Width and height. */
  size: number;
}

export interface MapDrawing {
  /** One pixel a cell. */
  image: CanvasImageSource & { width: number; height: number };
  geometry: HierarchyGeometry;
  span: number;
  bytes: number;
  view: MapView;
  mask: boolean;
  viewport: Viewport;
  query: number;
  /** Under the pointer. */
  cell: MapCell | null;
  /** Colour of lines and labels. */
  ink: string;
}

export const MAP_MARGIN = { left: 34, top: 10, right: 8, bottom: 20 };

const HATCH = 8;

/** Size of the picture in a canvas of a size. */
export function plotSize(width: number, height: number): { width: number; height: number } {
  return {
    width: Math.max(1, width - MAP_MARGIN.left - MAP_MARGIN.right),
    height: Math.max(1, height - MAP_MARGIN.top - MAP_MARGIN.bottom),
  };
}

/** Draws a map with its axes, the query's row, the key's column, the window's edge and the teeth of the phase comb. */
export function drawMap(context: CanvasRenderingContext2D, width: number, height: number, map: MapDrawing): void {
  const plot = plotSize(width, height);
  const { viewport, image } = map;
  const toX = (share: number): number => ((share - viewport.x) / viewport.size) * plot.width;
  const toY = (share: number): number => ((share - viewport.y) / viewport.size) * plot.height;
  context.clearRect(0, 0, width, height);
  context.save();
  context.translate(MAP_MARGIN.left, MAP_MARGIN.top);
  context.save();
  context.beginPath();
  context.rect(0, 0, plot.width, plot.height);
  context.clip();
  if (map.mask) drawHatch(context, plot, map.ink);
  context.imageSmoothingEnabled = false;
  context.drawImage(image, toX(0), toY(0), plot.width / viewport.size, plot.height / viewport.size);
  if (map.mask) drawWindowEdge(context, map, toX, toY);
  drawCrosshair(context, map, plot, toX, toY);
  context.restore();
  drawComb(context, map, plot, toX);
  drawAxes(context, map, plot, toX, toY);
  context.restore();
}

type Scale = (share: number) => number;

/** Stays where no key is: outside the window, of another phase, or after the query. */
function drawHatch(context: CanvasRenderingContext2D, plot: { width: number; height: number }, ink: string): void {
  context.globalAlpha = 0.13;
  context.strokeStyle = ink;
  context.lineWidth = 1;
  for (let x = -plot.height; x < plot.width; x += HATCH) line(context, x, plot.height, x + plot.height, 0);
  context.globalAlpha = 1;
}

/** Absolute view: the oldest byte that each query's window holds, and the newest that it has. */
function drawWindowEdge(
  context: CanvasRenderingContext2D,
  { geometry, bytes, view, ink }: MapDrawing,
  toX: Scale,
  toY: Scale,
): void {
  context.strokeStyle = ink;
  context.lineWidth = 1;
  if (view === 'dist') {
    if (geometry.window === null) return;
    line(context, toX(1) - 0.5, toY(0), toX(1) - 0.5, toY(1));
    return;
  }
  for (const edge of ['start', 'end'] as const) {
    if (edge === 'start' && geometry.window === null) continue;
    context.beginPath();
    for (let query = 0; query < bytes; query++) {
      const x = toX(seenEdge(geometry, query, edge) / bytes);
      context.lineTo(x, toY(query / bytes));
      context.lineTo(x, toY((query + 1) / bytes));
    }
    context.stroke();
  }
}

/** Where the bytes begin, or end, that a query sees. */
function seenEdge(geometry: HierarchyGeometry, query: number, edge: 'start' | 'end'): number {
  const { dilation, window } = geometry;
  const token = tokenAt(geometry, query);
  if (edge === 'end') return tokenSpan(geometry, token).end + 1;
  const oldest = Math.min(window ?? Infinity, Math.floor(token / dilation));
  return tokenSpan(geometry, token - oldest * dilation).start;
}

function drawCrosshair(
  context: CanvasRenderingContext2D,
  { geometry, bytes, view, span, query, cell }: MapDrawing,
  plot: { width: number; height: number },
  toX: Scale,
  toY: Scale,
): void {
  const [y, rowHeight] = rowPlace(geometry, bytes, view, query);
  outline(context, -4, toY(y), plot.width + 8, toY(y + rowHeight) - toY(y));
  if (cell?.bin == null || cell.bin.index >= span) return;
  const [x, columnWidth] = columnPlace(cell.bin, span, bytes, view);
  const [cellY] = rowPlace(geometry, bytes, view, cell.query);
  const columnPixels = toX(x + columnWidth) - toX(x);
  outline(context, toX(x), -4, columnPixels, plot.height + 8);
  outline(context, toX(x), toY(cellY), columnPixels, toY(cellY + rowHeight) - toY(cellY));
}

/** A dark line in a light one, which shows on any colour. */
function outline(context: CanvasRenderingContext2D, x: number, y: number, w: number, h: number): void {
  context.lineWidth = 3;
  context.strokeStyle = 'rgb(0 0 0 / 55%)';
  context.strokeRect(x - 1, y - 1, w + 2, h + 2);
  context.lineWidth = 1;
  context.strokeStyle = '#fff';
  context.strokeRect(x - 1, y - 1, w + 2, h + 2);
}

/** Above the picture: where the keys of the query's phase end. */
function drawComb(
  context: CanvasRenderingContext2D,
  { geometry, bytes, view, span, query, mask, ink }: MapDrawing,
  plot: { width: number },
  toX: Scale,
): void {
  if (!mask || geometry.factor === 1) return;
  context.strokeStyle = ink;
  context.lineWidth = 1;
  for (const bin of laneAt(geometry, query).bins.slice(0, span)) {
    const [x, width] = columnPlace(bin, span, bytes, view);
    const at = toX(x + width);
    if (bin.seen && at >= 0 && at <= plot.width) line(context, at, -6, at, -1);
  }
}

function drawAxes(
  context: CanvasRenderingContext2D,
  { geometry, bytes, view, span, ink, viewport }: MapDrawing,
  plot: { width: number; height: number },
  toX: Scale,
  toY: Scale,
): void {
  context.fillStyle = ink;
  context.globalAlpha = 0.75;
  context.font = '11px system-ui, sans-serif';
  const across = view === 'abs' ? bytes : span * geometry.factor;
  const stepX = axisStep((plot.width / across / viewport.size) * 0.7);
  context.textAlign = 'center';
  for (let byte = 0; byte < across; byte += stepX) {
    const at = toX(byte / across);
    if (at >= 0 && at <= plot.width - 4) context.fillText(String(byte), Math.max(4, at), plot.height + 14);
  }
  const stepY = axisStep(plot.height / bytes / viewport.size);
  context.textAlign = 'right';
  for (let byte = 0; byte < bytes; byte += stepY) {
    const at = toY(byte / bytes);
    if (at >= 0 && at <= plot.height - 4) context.fillText(String(byte), -5, Math.max(8, at + 8));
  }
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
