import { extraCharts } from './extra-charts.ts';
import { ExtraPanel } from './ExtraPanel.tsx';

/** What is drawn once "More charts" is open. */
export function ExtraCharts() {
  return (
    <div className="more-charts-grid">
      {extraCharts.map((chart) => (
        <ExtraPanel key={chart.id} chart={chart} />
      ))}
    </div>
  );
}
