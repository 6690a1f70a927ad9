import { Swatch } from '../../chart/Swatch.tsx';
import { exact, loss } from '../../format/quantity.ts';
import type { RunRecord } from '../../state/runs.ts';
import type { SentRun } from '../../state/sent-runs.ts';
import { bestValidation } from '../run-figures.ts';
import type { RunLooks } from '../run-look.ts';
import type { Standing } from './sent-standing.ts';

interface SentRowProps extends Standing {
  run: SentRun;
  /** What tells it from the first. */
  about: string;
  /** Why it cannot be trained here; null where it can, or that is said of all. */
  why: string | null;
  looks: RunLooks;
  /** Whether a curve came with any of the link's runs. */
  hasCurves: boolean;
  /** Whether one of them was begun here. */
  hasRuns: boolean;
  /** Whether the run that was begun here is the present one and on its way. */
  isUnderWay: boolean;
  onCopy(run: SentRun): void;
}

/** A run of a link: what it is, what its sender measured, and what came of it here. */
export function SentRow(props: SentRowProps) {
  const { run, about, why, curve, here, waits, isUnderWay, looks, hasCurves, hasRuns, onCopy } = props;
  const { name, complaints, config } = run;
  const { steps } = config.training;
  const what = curve === null ? 'not trained yet' : 'not trained here yet';
  const said =
    why !== null ? (
      <span className="sent-why">Cannot be trained here: {why.replaceAll('`', '')}</span>
    ) : waits ? (
      'waits for its turn'
    ) : isUnderWay ? (
      'is being trained'
    ) : here === null ? (
      what
    ) : null;
  return (
    <li className="run sent-run">
      <div className="run-story">
        <strong className="run-name">{name}</strong>
        <span className="run-difference">{about}</span>
        {said !== null && <span className="sent-said">{said}</span>}
      </div>
      <dl className="run-figures">
        {hasCurves && <Figure label="from the link" run={curve} steps={steps} looks={looks} />}
        {(hasCurves || hasRuns) && <Figure label="here" run={here} steps={steps} looks={looks} />}
      </dl>
      <div className="run-tools">
        {complaints.length === 0 && (
          <button
            type="button"
            className="button small quiet"
            aria-label={`Edit a copy of ${name}`}
            title="Put the settings of this run into the form"
            onClick={() => onCopy(run)}
          >
            Edit a copy
          </button>
        )}
      </div>
    </li>
  );
}

interface FigureProps {
  label: string;
  run: RunRecord | null;
  /** So many it is to have. */
  steps: number;
  looks: RunLooks;
}

/** The best validation of one, and how it is drawn. */
function Figure({ label, run, steps, looks }: FigureProps) {
  const look = run === null ? undefined : looks.get(run.id);
  const isPart = run !== null && run.metrics.madeSteps > 0 && run.metrics.madeSteps < steps;
  return (
    <div>
      <dt>
        {label}
        {isPart && `, until step ${exact(run.metrics.madeSteps)}`}
      </dt>
      <dd>
        {look !== undefined && <Swatch {...look} />} {loss(run === null ? null : bestValidation(run.metrics))}
      </dd>
    </div>
  );
}
