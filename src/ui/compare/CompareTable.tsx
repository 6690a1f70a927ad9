import { useState } from 'react';
import { Swatch } from '../chart/Swatch.tsx';
import { useCurves } from '../session.ts';
import { changedSince } from '../state/marks.ts';
import type { RunRecord } from '../state/runs.ts';
import { settingRows } from './config-diff.ts';
import type { SettingRow } from './config-diff.ts';
import { metricRows } from './metric-rows.ts';
import { commonFlops } from './run-figures.ts';
import { lookOf } from './run-look.ts';
import type { RunLooks } from './run-look.ts';
import { incomparable } from '../../comparison/same-bytes.ts';
import { TestScoreRow } from './TestScoreRow.tsx';
import { TrainingTailRow } from './TrainingTailRow.tsx';
import { useCanOpenKept } from './use-kept-run.ts';

const UNSURE = 'Of few sequences: a small difference may be chance, which the test part tells';

/** What was set differently, what came of it, and, folded, what was the same. */
export function CompareTable({ runs, looks }: { runs: readonly RunRecord[]; looks: RunLooks }) {
  useCurves();
  const canOpen = useCanOpenKept();
  const [unfolded, setUnfolded] = useState(false);
  const rows = settingRows(runs.map((run) => ({ ...run, since: changedSince(run.metrics.marks) })));
  const different = rows.filter(({ differs }) => differs);
  const same = rows.filter(({ differs }) => !differs);
  const columns = runs.length + 1;
  const obstacle = incomparable(runs);
  const equal = commonFlops(runs);
  return (
    <section className="panel compare-table-panel" aria-labelledby="differences-title">
      <h2 id="differences-title">Settings and results</h2>
      <div className="compare-scroll" role="group" aria-labelledby="differences-title" tabIndex={0}>
        <table className="compare-table">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Setting or result</span>
              </th>
              {runs.map((run) => (
                <th key={run.id} scope="col">
                  <Swatch {...lookOf(run, looks)} /> {run.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="compare-different">
            {different.map((row) => (
              <SettingCells key={row.label} row={row} runs={runs} />
            ))}
            {different.length === 0 && (
              <tr>
                <th scope="row" colSpan={columns}>
                  {runs.length > 1
                    ? 'No setting differs.'
                    : `One run alone: pin${canOpen ? ', open' : ''} or train another one.`}
                </th>
              </tr>
            )}
          </tbody>
          <tbody>
            <TestScoreRow runs={runs} />
            {equal > 0 && runs.length > 1 && <TrainingTailRow runs={runs} flops={equal} />}
            {metricRows(runs).map(({ label, values, lowest }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {runs.map(({ id }, at) => (
                  <td key={id} data-best={at === lowest || undefined}>
                    {values[at]}
                    {at === lowest && (
                      <span className="best" title={UNSURE}>
                        {' '}
                        lowest
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
            {obstacle !== null && (
              <tr>
                <th scope="row" colSpan={columns}>
                  No loss is called the best: another {obstacle} means other bytes to predict, or to predict from.
                </th>
              </tr>
            )}
          </tbody>
          <tbody className="compare-same">
            <tr>
              <th scope="row" colSpan={columns}>
                <button
                  type="button"
                  className="text-button"
                  aria-expanded={unfolded}
                  onClick={() => setUnfolded(!unfolded)}
                >
                  {unfolded ? 'Hide' : 'Show'} {same.length} settings that are the same
                </button>
              </th>
            </tr>
            {unfolded && same.map((row) => <SettingCells key={row.label} row={row} runs={runs} />)}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function SettingCells({ row, runs }: { row: SettingRow; runs: readonly RunRecord[] }) {
  return (
    <tr>
      <th scope="row">{row.label}</th>
      {runs.map(({ id }, at) => (
        <td key={id}>{row.values[at] ?? '–'}</td>
      ))}
    </tr>
  );
}
