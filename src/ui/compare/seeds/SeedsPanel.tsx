import { Fragment } from 'react';
import { Swatch } from '../../chart/Swatch.tsx';
import { asKnown, compact, exact, withError } from '../../format/quantity.ts';
import { useCurves } from '../../session.ts';
import type { RunRecord } from '../../state/runs.ts';
import { spentFlops } from '../run-figures.ts';
import type { RunLooks } from '../run-look.ts';
import { seedsTable } from '../tables/seeds-table.ts';
import { TableAsCsv } from '../tables/TableAsCsv.tsx';
import { incomparable } from '../../../comparison/same-bytes.ts';
import { seedResults } from './seed-measures.ts';
import type { SeedResult } from './seed-measures.ts';
import { seedRows } from './seed-rows.ts';
import type { SeedRow } from './seed-rows.ts';
import { SeedVerdicts } from './SeedVerdicts.tsx';

const SPREAD = 'Lowest and highest of these seeds';

interface SeedsPanelProps {
  /** Runs that differ in their seed alone. */
  groups: readonly (readonly RunRecord[])[];
  /** Of the runs that the chart above draws. */
  looks: RunLooks;
}

/**
 * What configurations come to over their seeds, and whether they differ by more than chance; nothing as long as each was trained
 * with one.
 */
export function SeedsPanel({ groups, looks }: SeedsPanelProps) {
  useCurves();
  const rows = seedRows(groups, ({ id }) => looks.has(id));
  if (rows.length === 0) return null;
  const results = seedResults(rows);
  const obstacle = incomparable(rows.map(({ runs: [run] }) => run));
  return (
    <section className="panel seeds-panel" aria-labelledby="seeds-title">
      <div className="panel-head">
        <h2 id="seeds-title">
          Over seeds <span className="unit">of runs that are through, and whose settings stayed as they were</span>
        </h2>
        <TableAsCsv name="over-seeds" of="Over seeds" table={() => seedsTable(rows, results)} />
      </div>
      <div className="compare-scroll" role="group" aria-labelledby="seeds-title" tabIndex={0}>
        <table className="compare-table seeds-table">
          <thead>
            <tr>
              <th scope="col">Configuration</th>
              {results.map(({ label }) => (
                <th key={label} scope="col">
                  {label}, bits per byte
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={row.runs[0].id}>
                <th scope="row">
                  <strong>{row.letter}</strong> {row.label}
                  <SeedsOf row={row} looks={looks} />
                </th>
                {results.map((result) => (
                  <SeedCell key={result.label} result={result} at={at} runs={row.runs.length} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="seed-verdicts" role="status">
        <SeedVerdicts results={results} rows={rows} />
      </div>
      {obstacle !== null && (
        <p className="hint">
          Not all are compared with each other: another {obstacle} means other bytes to predict, or to predict from.
        </p>
      )}
      <p className="hint">
        ± is the standard deviation over seeds. Differences are taken seed by seed where both sides have the same widths
        and read the same batches, else between the means (Welch). Every seed is measured on the same bytes: this is
        about the chance in training, not about other texts.
      </p>
    </section>
  );
}

/** The seeds of a configuration, with the swatch of its line or those of each, and what each run cost. */
function SeedsOf({ row: { runs }, looks }: { row: SeedRow; looks: RunLooks }) {
  const own = runs.map(({ id }) => looks.get(id));
  const [first] = own;
  const isAlike = own.every((look) => look?.color === first?.color && look?.dash === first?.dash);
  return (
    <div className="hint">
      {isAlike && first !== undefined && (
        <span className="seed">
          <Swatch {...first} />
        </span>
      )}
      {runs.length === 1 ? 'one seed: ' : 'seeds '}
      {runs.map((run, at) => {
        const look = own[at];
        return (
          <Fragment key={run.id}>
            <span className="seed" title={run.name}>
              {!isAlike && look !== undefined && <Swatch {...look} />}
              {exact(run.config.training.seed)}
              {at < runs.length - 1 && ','}
            </span>{' '}
          </Fragment>
        );
      })}
      <div>
        {compact(spentFlops(runs[0]))}FLOP{runs.length > 1 && ' each'}
      </div>
    </div>
  );
}

/** @param runs how many the configuration has */
function SeedCell({ result: { samples, verdicts }, at, runs }: { result: SeedResult; at: number; runs: number }) {
  const sample = samples[at];
  const isBest = verdicts.some(({ best }) => best === at);
  const measured = sample?.count ?? 0;
  return (
    <td className="with-error" data-best={isBest || undefined}>
      {sample === null ? '–' : withError({ mean: sample.mean, error: sample.deviation })}
      {isBest && <span className="best"> best</span>}
      {sample !== null && sample.deviation !== null && (
        <div className="hint" title={SPREAD}>
          {asKnown(sample.lowest, sample.deviation)} to {asKnown(sample.highest, sample.deviation)}
        </div>
      )}
      {measured < runs && (
        <div className="hint">
          {exact(measured)} of {exact(runs)} measured
        </div>
      )}
    </td>
  );
}
