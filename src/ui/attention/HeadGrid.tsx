import { useMemo, useState } from 'react';
import { hueOf } from '../hue.ts';
import { percent } from '../format/quantity.ts';
import type { AttentionBand, HierarchyGeometry, Inspection } from '../../protocol/inspection.ts';
import { cssTone } from './color-table.ts';
import { bandOf, headFigures, meanFigures } from './head-weights.ts';
import type { HeadChoice, HeadFigures } from './head-weights.ts';
import type { Position } from './position.ts';
import { Thumbnail } from './Thumbnail.tsx';

interface HeadGridProps {
  inspection: Inspection;
  position: Position;
  onGo(change: Partial<Position>): void;
}

type Order = 'head' | keyof HeadFigures;

const ORDERS: readonly { value: Order; label: string }[] = [
  { value: 'head', label: 'head' },
  { value: 'meanDistance', label: 'mean distance' },
  { value: 'entropy', label: 'entropy' },
  { value: 'selfShare', label: 'share on itself' },
  { value: 'firstShare', label: 'share on the first token' },
];

/** All heads of the layer at a glance, hierarchy by hierarchy. */
export function HeadGrid({ inspection, position, onGo }: HeadGridProps) {
  const [order, setOrder] = useState<Order>('head');
  return (
    <section className="panel head-panel" aria-labelledby="heads-title">
      <div className="panel-head">
        <h2 id="heads-title">
          Heads <span className="unit">layer {position.layer + 1}, distance view</span>
        </h2>
        <label className="sort">
          sorted by{' '}
          <select value={order} onChange={({ target }) => setOrder(target.value as Order)}>
            {ORDERS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      {inspection.hierarchies.map((geometry, hierarchy) => {
        const band = bandOf(inspection, position.layer, hierarchy);
        const chosen = hierarchy === position.hierarchy ? position.head : null;
        return (
          <div key={geometry.factor} className="head-row" style={{ '--hue': hueOf(geometry.factor) }}>
            <h3>{geometry.factor}×</h3>
            {band === null ? (
              <p className="hint">no attention</p>
            ) : (
              <HeadRow {...{ band, geometry, order, chosen }} onChoose={(head) => onGo({ hierarchy, head })} />
            )}
          </div>
        );
      })}
    </section>
  );
}

interface HeadRowProps {
  band: AttentionBand;
  geometry: HierarchyGeometry;
  order: Order;
  chosen: HeadChoice | null;
  onChoose(head: HeadChoice): void;
}

function HeadRow({ band, geometry, order, chosen, onChoose }: HeadRowProps) {
  const cells = useMemo(() => {
    const heads = Array.from({ length: geometry.heads }, (_, head) => ({
      head: head as HeadChoice,
      name: `head ${head + 1}`,
      figures: headFigures(band, geometry, head) as HeadFigures | null,
    }));
    const mean = meanFigures(heads.map(({ figures }) => figures!));
    if (order !== 'head') heads.sort((a, b) => a.figures![order] - b.figures![order]);
    if (geometry.heads === 1) return heads;
    return [
      { head: 'avg' as const, name: 'average', figures: mean },
      { head: 'max' as const, name: 'max', figures: null },
      ...heads,
    ];
  }, [band, geometry, order]);
  return (
    <ul className="head-cells">
      {cells.map(({ head, name, figures }) => (
        <li key={head}>
          <button type="button" className="head-cell" aria-pressed={head === chosen} onClick={() => onChoose(head)}>
            <Thumbnail band={band} geometry={geometry} head={head} />
            <span className="head-name">
              {typeof head === 'number' && geometry.heads > 1 && (
                <span className="head-tone" style={{ background: cssTone('var(--hue)', head, geometry.heads) }} />
              )}
              {name}
            </span>
            {figures === null ? (
              <span className="head-figures">strongest weight of any head</span>
            ) : (
              <span className="head-figures" title={describe(figures)}>
                {figures.meanDistance.toFixed(1)} B · {figures.entropy.toFixed(1)} bits
                {order === 'selfShare' && ` · self ${percent(figures.selfShare)}`}
                {order === 'firstShare' && ` · first ${share(figures.firstShare)}`}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function share(value: number): string {
  return Number.isNaN(value) ? '–' : percent(value);
}

function describe({ meanDistance, entropy, selfShare, firstShare }: HeadFigures): string {
  return (
    `Mean distance ${meanDistance.toFixed(1)} bytes, entropy ${entropy.toFixed(2)} bits, ` +
    `${percent(selfShare)} on the query’s own token, ${share(firstShare)} on the first token`
  );
}
