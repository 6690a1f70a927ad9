import { version } from '../../../../package.json';
import { browserFacts, diagnostics } from '../../about/diagnostics.ts';
import type { RunState } from '../../state/run-state.ts';
import type { ChartLine } from '../chart-line.ts';
import type { ChartSource } from '../chart-source.ts';
import { chartTable, toCsv, toJson } from './chart-table.ts';
import type { Provenance } from './chart-table.ts';
import { framed, toXml } from './drawing.ts';
import { plainColor } from './plain-color.ts';
import { readDrawing } from './read-drawing.ts';

export type ChartFormat = 'svg' | 'png' | 'csv' | 'json';

/** Device pixels of a PNG for each pixel of the chart: sharp in print and on any screen. */
const PNG_SCALE = 3;

/** What a file is of. */
export interface ChartContent {
  title: string;
  unit: string;
  /** What was measured. */
  sources: readonly ChartSource[];
  /** What is drawn of that. */
  lines: readonly ChartLine[];
}

/** A chart as a file. The picture is the chart as it is on the page; the data are all that was measured. */
export async function chartFile(
  format: ChartFormat,
  panel: Element,
  content: ChartContent,
  state: RunState,
): Promise<Blob> {
  const { title, unit, sources } = content;
  switch (format) {
    case 'csv':
      return new Blob([toCsv(chartTable(title, unit, sources))], { type: 'text/csv' });
    case 'json':
      return new Blob([toJson(chartTable(title, unit, sources), provenance(state))], { type: 'application/json' });
    case 'svg':
      return svgBlob(chartSvg(panel, content).xml);
    case 'png':
      return toPng(chartSvg(panel, content));
  }
}

function provenance(state: RunState): Provenance {
  return {
    saved: new Date().toISOString(),
    strata: version,
    environment: diagnostics(browserFacts(), state).split('\n'),
  };
}

const svgBlob = (xml: string): Blob => new Blob([xml], { type: 'image/svg+xml' });

interface Drawn {
  xml: string;
  width: number;
  height: number;
}

function chartSvg(panel: Element, { title, unit, lines }: ChartContent): Drawn {
  const svg = panel.querySelector<SVGSVGElement>('.recharts-surface');
  if (svg === null) throw new Error('chartSvg: given a panel that is not on the screen, needs one with a drawn chart');
  const style = getComputedStyle(panel);
  const probe = document.createElement('span');
  panel.append(probe);
  const colorOf = (color: string): string => {
    probe.style.color = color;
    return plainColor(getComputedStyle(probe).color);
  };
  const legend = lines.map(({ name, color, dash, style }) => ({
    name,
    color: colorOf(color),
    dash,
    dots: style === 'dots',
  }));
  const colors = { page: colorOf('var(--panel)'), ink: colorOf('var(--ink)'), muted: colorOf('var(--muted)') };
  probe.remove();
  const { width, height } = svg.getBoundingClientRect();
  const drawing = framed(readDrawing(svg), {
    title: `${title}, ${unit}`,
    legend,
    width: Math.round(width),
    height: Math.round(height),
    colors,
    font: style.fontFamily,
  });
  return {
    xml: toXml(drawing),
    width: Number(drawing.attributes.width),
    height: Number(drawing.attributes.height),
  };
}

async function toPng({ xml, width, height }: Drawn): Promise<Blob> {
  const url = URL.createObjectURL(svgBlob(xml));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * PNG_SCALE;
    canvas.height = height * PNG_SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error('toPng: the canvas gives no image')) : resolve(blob)));
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
