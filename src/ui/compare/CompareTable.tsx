import { useState } from 'react';
import { Swatch } from '../chart/Swatch.tsx';
import { exact } from '../format/quantity.ts';
import { useCurves } from '../session.ts';
import { changedSince } from '../state/marks.ts';
import type { RunRecord } from '../state/runs.ts';
import { repeatedAmong } from './compare-lines.ts';
import { settingRows } from './config-diff.ts';
import type { SettingRow } from './config-diff.ts';
import { metricRows } from './metric-rows.ts';
import { commonFlops } from './run-figures.ts';
import { OneRunAlone } from './OneRunAlone.tsx';
import { lookOf } from './run-look.ts';
import type { RunLooks } from './run-look.ts';
import { NO_GROUPS } from './seeds/seed-groups.ts';
import { incomparable } from '../../comparison/same-bytes.ts';
import { TestScoreRow } from './TestScoreRow.tsx';
import { TrainingTailRow } from './TrainingTailRow.tsx';
import { settingsTable } from './tables/settings-table.ts';
import { TableAsCsv } from './tables/TableAsCsv.tsx';

const UNSURE = 'Of few sequences: a small difference may be chance, which the test part tells';

interface CompareTableProps {
  runs: readonly RunRecord[];
  looks: RunLooks;
  /** Runs that differ in their seed alone, whether compared or not. */
  groups?: readonly (readonly RunRecord[])[];
}

/** What was set differently, what came of it, and, folded, what was the same. */
export function CompareTable({ runs, looks, groups = NO_GROUPS }: CompareTableProps) {
  useCurves();
  const [unfolded, setUnfolded] = useState(false);
  const rows = settingRows(runs.map((run) => ({ ...run, since: changedSince(run.metrics.marks) })));
  const different = rows.filter(({ differs }) => differs);
  const same = rows.filter(({ differs }) => !differs);
  const columns = runs.length + 1;
  const obstacle = incomparable(runs);
  const equal = commonFlops(runs);
  // Which configuration is better is told over its seeds, and not by one of them as well.
  const repeated = repeatedAmong(runs, groups);
  const isContest = repeated.length === 0;
  return (
    <section className="panel compare-table-panel" aria-labelledby="differences-title">
      <div className="panel-head">
        <h2 id="differences-title">Settings and results</h2>
        <TableAsCsv name="settings-and-results" of="Settings and results" table={() => settingsTable(runs)} />
      </div>
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
                  <OneOfSeeds run={run} repeated={repeated} />
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
                  {runs.length > 1 ? 'No setting differs.' : <OneRunAlone />}
                </th>
              </tr>
            )}
          </tbody>
          <tbody>
            <TestScoreRow runs={runs} isContest={isContest} />
            {equal > 0 && runs.length > 1 && <TrainingTailRow runs={runs} flops={equal} isContest={isContest} />}
            {metricRows(runs, isContest).map(({ label, values, lowest }) => (
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
                  {unfolded ? 'Hide' : 'Show'}{' '}
                  {runs.length > 1 ? `${same.length} settings that are the same` : `its ${same.length} settings`}
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

/** Of a run that was repeated, which seed it is: what stands below is of that one. */
function OneOfSeeds({ run, repeated }: { run: RunRecord; repeated: readonly (readonly RunRecord[])[] }) {
  const group = repeated.find((each) => each.includes(run));
  if (group === undefined) return null;
  return (
    <div className="hint">
      seed {exact(run.config.training.seed)}, one of {exact(group.length)} seeds
    </div>
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
