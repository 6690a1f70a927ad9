/** An SVG element that needs no style sheet. */
export interface DrawingNode {
  tag: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly DrawingNode[];
  text: string;
}

/** An element with everything that a file says about it. */
export function node(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...content: readonly (DrawingNode | string)[]
): DrawingNode {
  return {
    tag,
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
    children: content.filter((each) => typeof each !== 'string'),
    text: content.filter((each) => typeof each === 'string').join(''),
  };
}

/** The element as XML. */
export function toXml({ tag, attributes, children, text }: DrawingNode): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const content = escaped(text) + children.map(toXml).join('');
  return content === '' ? `<${tag}${written.join('')}/>` : `<${tag}${written.join('')}>${content}</${tag}>`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  // What XML 1.0 has no way to write.
  return text.replace(/[\p{Cc}\uFFFE\uFFFF]/gu, '').replace(/[&<>"]/g, (sign) => ESCAPES[sign]);
}

interface Frame {
  title: string;
  legend: readonly { name: string; color: string; dash?: string; dots: boolean }[];
  width: number;
  height: number;
  colors: { page: string; ink: string; muted: string };
  font: string;
}

const PADDING = 16;
const TITLE_HEIGHT = 28;
const LEGEND_HEIGHT = 20;
/** Of legend text, a generous guess: its width is not known outside of a page. */
const CHARACTER_WIDTH = 7;
const SAMPLE_WIDTH = 24;

/** A chart with title above and legend below, as one `<svg>` that stands by itself. */
export function framed(chart: readonly DrawingNode[], frame: Frame): DrawingNode {
  const { title, width, height, colors, font } = frame;
  const legend = placeLegend(frame);
  const fullWidth = width + 2 * PADDING;
  const legendTop = PADDING + TITLE_HEIGHT + height + 22;
  const fullHeight = legendTop + legend.rows * LEGEND_HEIGHT + PADDING - 8;
  const text = { 'font-family': font, 'font-size': 12, fill: colors.muted };
  return node(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: fullWidth,
      height: fullHeight,
      viewBox: `0 0 ${fullWidth} ${fullHeight}`,
      role: 'img',
    },
    node('title', {}, title),
    node('rect', { width: fullWidth, height: fullHeight, fill: colors.page }),
    node(
      'text',
      { ...text, x: PADDING, y: PADDING + 12, 'font-size': 15, 'font-weight': 600, fill: colors.ink },
      title,
    ),
    node('g', { transform: `translate(${PADDING} ${PADDING + TITLE_HEIGHT})` }, ...chart),
    node(
      'g',
      { transform: `translate(${PADDING} ${legendTop})` },
      ...legend.entries.flatMap(({ name, color, dash, dots, x, y }) => [
        dots
          ? node('circle', { cx: x + 9, cy: y - 4, r: 3.5, fill: color })
          : node('line', {
              x1: x,
              x2: x + 18,
              y1: y - 4,
              y2: y - 4,
              stroke: color,
              'stroke-width': 2,
              ...(dash === undefined ? {} : { 'stroke-dasharray': dash }),
            }),
        node('text', { ...text, x: x + SAMPLE_WIDTH, y, fill: colors.ink }, name),
      ]),
    ),
  );
}

/** Entries from left to right, in as many rows as they need. */
function placeLegend({ legend, width }: Frame) {
  let x = 0;
  let row = 0;
  const entries = legend.map((entry) => {
    const entryWidth = SAMPLE_WIDTH + entry.name.length * CHARACTER_WIDTH + 14;
    if (x > 0 && x + entryWidth > width) {
      x = 0;
      row++;
    }
    const placed = { ...entry, x, y: row * LEGEND_HEIGHT };
    x += entryWidth;
    return placed;
  });
  return { entries, rows: row + 1 };
}
