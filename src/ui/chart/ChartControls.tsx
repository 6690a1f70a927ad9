import { smoothingLevels, xUnits } from '../state/chart-view.ts';
import type { XUnit } from '../state/chart-view.ts';
import { useChartView } from './use-chart-view.ts';
import { xAxes } from './x-axis.ts';

const smoothingLabel = (hundredths: number): string => (hundredths === 0 ? 'off' : (hundredths / 100).toFixed(2));

/** How the charts of a tab are drawn. They change together. */
export function ChartControls() {
  const [view, change] = useChartView();
  const levels = [...new Set([...smoothingLevels, view.smoothing])].sort((a, b) => a - b);
  return (
    <div className="chart-controls" role="group" aria-label="All charts">
      <label>
        <span className="x-axis-label">x axis</span>
        <select
          aria-keyshortcuts="X"
          title="What the x axis of all charts measures (X)"
          value={view.x}
          onChange={(event) => change(() => ({ x: event.target.value as XUnit }))}
        >
          {xUnits.map((unit) => (
            <option key={unit} value={unit}>
              {xAxes[unit].label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>smoothing</span>
        <select
          aria-keyshortcuts="M"
          title="Weight of the moving average: higher is calmer and lags more, but never by more than a twentieth of the steps so far (M)"
          value={view.smoothing}
          onChange={(event) => change(() => ({ smoothing: Number(event.target.value) }))}
        >
          {levels.map((level) => (
            <option key={level} value={level}>
              {smoothingLabel(level)}
            </option>
          ))}
        </select>
      </label>
      <label title="Logarithmic y axis (L)">
        <input
          type="checkbox"
          className="switch"
          aria-keyshortcuts="L"
          checked={view.log}
          onChange={(event) => change(() => ({ log: event.target.checked }))}
        />
        <span>log y</span>
      </label>
    </div>
  );
}
