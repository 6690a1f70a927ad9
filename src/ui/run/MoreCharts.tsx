import { useState } from 'react';
import { ExtraPanel } from './ExtraPanel.tsx';
import { extraCharts } from './extra-charts.ts';

/** Charts for those who look into the optimiser. Closed they cost nothing. */
export function MoreCharts() {
  const [open, setOpen] = useState(false);
  return (
    <details className="more-charts" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>More charts: the optimiser’s view, gradient norm, learning rate, time per step</summary>
      {open && (
        <div className="more-charts-grid">
          {extraCharts.map((chart) => (
            <ExtraPanel key={chart.id} chart={chart} />
          ))}
        </div>
      )}
    </details>
  );
}
