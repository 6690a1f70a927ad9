/** Heights in pixels of what stands above one byte axis, from the top. */
export interface StageLayout {
  axisBottom: number;
  textTop: number;
  textHeight: number;
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
const COST = 22;
const WORTH = 26;
const LANE = 60;
const GAP = 6;

export function stageLayout(hierarchies: number, hasWorth: boolean): StageLayout {
  const costTop = AXIS + TEXT + 2;
  const worthStart = costTop + COST + GAP;
  const laneStart = worthStart + (hasWorth ? hierarchies * (WORTH + 2) + GAP : 0) + GAP;
  return {
    axisBottom: AXIS,
    textTop: AXIS,
    textHeight: TEXT,
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
