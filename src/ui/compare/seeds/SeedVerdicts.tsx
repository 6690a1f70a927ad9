import { Fragment } from 'react';
import { asKnown, exact, loss } from '../../format/quantity.ts';
import type { Verdict } from '../verdict.ts';
import type { SeedResult } from './seed-measures.ts';
import type { SeedRow } from './seed-rows.ts';
import type { SeedEstimate } from '../../../comparison/seed-estimate.ts';

const NEEDED = 'which takes two configurations with two measured seeds each.';

interface SeedVerdictsProps {
  results: readonly SeedResult[];
  rows: readonly SeedRow[];
}

/** Which configurations need the fewest bits by each measure, and whether the others need more than chance makes of it. */
export function SeedVerdicts({ results, rows }: SeedVerdictsProps) {
  if (results.every((result) => told(result).length === 0)) return <p>No verdict, {NEEDED}</p>;
  const verdicts = results.flatMap(told);
  return (
    <>
      {results.map((result) => (
        <MeasureVerdicts key={result.label} result={result} rows={rows} />
      ))}
      {verdicts.some(({ best }) => best === null) && <p>More seeds, the same ones of each, would tell more.</p>}
    </>
  );
}

function MeasureVerdicts({ result, rows }: { result: SeedResult; rows: readonly SeedRow[] }) {
  const { label } = result;
  if (told(result).length === 0) return <p>{`${label}: no verdict, ${NEEDED}`}</p>;
  return told(result).map((verdict) => (
    <p key={lowestOf(verdict)}>
      {label}: <Told verdict={verdict} rows={rows} />
    </p>
  ));
}

/** Those of several configurations. */
function told({ verdicts }: SeedResult): Verdict<SeedEstimate>[] {
  return verdicts.filter(({ more }) => more.size > 0);
}

function Told({ verdict, rows }: { verdict: Verdict<SeedEstimate>; rows: readonly SeedRow[] }) {
  const { best, close, more } = verdict;
  const lowest = <strong>{rows[lowestOf(verdict)].letter}</strong>;
  const others = [...more];
  if (best !== null) {
    return (
      <>
        {lowest} is the best of {exact(others.length + 1)}, by more than chance; <Behind others={others} rows={rows} />
      </>
    );
  }
  const surely = others.filter(([at]) => !close.has(at));
  return (
    <>
      too close to call. {lowest} has the lowest mean;{' '}
      <Behind others={others.filter(([at]) => close.has(at))} rows={rows} />
      {surely.length > 0 && (
        <>
          {' '}
          Behind by more than chance: <Behind others={surely} rows={rows} />
        </>
      )}
    </>
  );
}

interface BehindProps {
  /** By how much configurations need more than the lowest, by their indices. */
  others: readonly (readonly [number, SeedEstimate])[];
  rows: readonly SeedRow[];
}

function Behind({ others, rows }: BehindProps) {
  return (
    <>
      {others.map(([at, difference], place) => (
        <Fragment key={at}>
          {place > 0 && ', '}
          <strong>{rows[at].letter}</strong> {behind(difference)}
        </Fragment>
      ))}
      .
    </>
  );
}

/** Index of the configuration with the lowest mean. */
function lowestOf({ best, close, more }: Verdict<SeedEstimate>): number {
  return best ?? [...close].find((at) => !more.has(at))!;
}

function behind({ mean, error, margin }: SeedEstimate): string {
  if (error === null || margin === null) {
    return loss(mean) === loss(0)
      ? 'came to the same'
      : `needs ${loss(mean)} more at every seed, which leaves no spread to judge by`;
  }
  const [low, high] = [mean - margin, mean + margin].map((bound) => asKnown(bound, error));
  return `needs ${asKnown(mean, error)} bits per byte more (95 %: ${low} to ${high})`;
}
