/** Heights in pixels of what stands above one byte axis, from the top. */
export interface StageLayout {
  axisBottom: number;
  textTop: number;
  textHeight: number;
  /** Of the rows of what tokens keep, from 0 on. */
  keptTop(row: number): number;
  keptHeight: number;
  costTop: number;
  costHeight: number;
  worthTop(hierarchy: number): number;
  worthHeight: number;
  laneTop(hierarchy: number): number;
  laneHeight: number;
  height: number;
}

const AXIS = 18;
const TEXT = 24;
const KEPT = 24;
const COST = 22;
const WORTH = 26;
const LANE = 60;
const GAP = 6;

/** @param kept how many hierarchies have a row of what their tokens keep */
export function stageLayout(hierarchies: number, hasWorth: boolean, kept: number): StageLayout {
  const keptStart = AXIS + TEXT + 2;
  const costTop = keptStart + kept * (KEPT + 2);
  const worthStart = costTop + COST + GAP;
  const laneStart = worthStart + (hasWorth ? hierarchies * (WORTH + 2) + GAP : 0) + GAP;
  return {
    axisBottom: AXIS,
    textTop: AXIS,
    textHeight: TEXT,
    keptTop: (row) => keptStart + row * (KEPT + 2),
    keptHeight: KEPT,
    costTop,
    costHeight: COST,
    worthTop: (hierarchy) => worthStart + hierarchy * (WORTH + 2),
    worthHeight: WORTH,
    laneTop: (hierarchy) => laneStart + hierarchy * (LANE + 2 * GAP),
    laneHeight: LANE,
    height: laneStart + hierarchies * (LANE + 2 * GAP),
  };
}

/** The lane at a height; null above, below and between. */
export function laneAtHeight(layout: StageLayout, hierarchies: number, y: number): number | null {
  for (let at = 0; at < hierarchies; at++) {
    if (y >= layout.laneTop(at) && y < layout.laneTop(at) + layout.laneHeight) return at;
  }
  return null;
}

/** Bytes between two labels of an axis: a power of two, so that tokens begin at them. */
export function axisStep(byteWidth: number, least = 1): number {
  return Math.max(least, 2 ** Math.ceil(Math.log2(LABEL / byteWidth)));
}

/** Font size of the letters of a passage above an axis of this scale. */
export function letterSize(byteWidth: number): number {
  return Math.min(14, byteWidth * 1.55);
}

/** Pixels that a label of the axis takes. */
const LABEL = 40;

/** Bars over bytes as one path: up from the base where positive, down where negative, at most `most` high. */
export function barsPath(
  values: Float32Array,
  { width, base, most, top }: { width: number; base: number; most: number; top: number },
  sign: 1 | -1,
): string {
  let path = '';
  values.forEach((value, byte) => {
    if (Number.isNaN(value) || value * sign <= 0) return;
    const height = Math.max(1, Math.min(1, Math.abs(value) / top) * most);
    const x = (byte * width).toFixed(2);
    path += `M${x} ${base}v${(-sign * height).toFixed(1)}h${Math.max(0.5, width - 1).toFixed(2)}V${base}z`;
  });
  return path;
}

/** Pixels from one crest of a wave to the next, and from its foot to a crest. */
const WAVE = { length: 6, height: 2.5 };

/** A wave along a line, as editors draw below a mistake. */
export function wavePath(from: number, to: number, base: number): string {
  // Two crests at least: one alone would be an accent of the letter below.
  const turns = 2 * Math.max(2, Math.round((to - from) / WAVE.length));
  const step = (to - from) / turns;
  const points = Array.from({ length: turns + 1 }, (_, at) => {
    const y = base - (at % 2) * WAVE.height;
    return `${(from + at * step).toFixed(1)} ${y}`;
  });
  return `M${points.join('L')}`;
}
