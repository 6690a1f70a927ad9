import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { HeatLegend } from './HeatLegend.tsx';
import { LossStrip } from './LossStrip.tsx';
import { LossSummary } from './LossSummary.tsx';

/** The same text over and over, to see which of its bytes the model has learned to expect. */
export function WatchLoss() {
  const { losses } = useSession();
  const reader = losses.watch;
  const known = useStore(reader.store, ({ capture }) => capture !== null);
  useEffect(() => reader.look(), [reader]);
  if (!known) return null;
  return (
    <section className="panel loss-panel watch-loss" aria-labelledby="watch-loss-title">
      <div className="panel-head">
        <h2 id="watch-loss-title">
          Loss per byte <span className="unit">fixed text</span> <LossSummary reader={reader} />
        </h2>
        <HeatLegend />
      </div>
      <LossStrip reader={reader} label="Bytes of the fixed text" asBytes={false} />
    </section>
  );
}
