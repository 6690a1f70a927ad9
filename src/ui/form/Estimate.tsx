import { flopsPerStep, memoryEstimate, parameterCount, parameterParts } from '../../config/costs.ts';
import type { ParameterPart } from '../../config/costs.ts';
import type { RunConfig } from '../../config/types.ts';
import { bytes, compact, exact, percent } from '../format/quantity.ts';
import { useConfig, useRun } from '../session.ts';
import { controlNamed } from '../state/controls.ts';
import { useEstimate } from './use-estimate.ts';
import { valueText } from './value-text.ts';

const PART_NAMES: Record<ParameterPart, string> = {
  embed: 'byte embedding',
  compress: 'compressors',
  recon: 'reconstruction',
  ar: 'hierarchical prediction',
  norms: 'norms',
  attention: 'attention',
  ff: 'feed-forward',
  merge: 'merge',
  logits: 'output',
};

const ESTIMATED =
  'The time is an estimate: by a moment of measuring this GPU, and then of training alone (what the page writes and inspects meanwhile can double it on a software adapter); or better by the latest run here, with all of that.';

/** What the configuration costs, by arithmetic, before anything starts. */
export function Estimate({ config }: { config: RunConfig }) {
  const estimate = useEstimate();
  const count = parameterCount(config.model);
  const isSoftware = useRun(({ adapter }) => adapter.state === 'ready' && adapter.info.software);
  const memory = memoryEstimate(config, !isSoftware);
  const parts = parameterParts.filter((part) => count[part] > 0);
  const drafts = useConfig((state) => state.drafts);
  const counting = countingValues(config, Object.keys(drafts));
  return (
    <section className="estimate" aria-label="Cost of this configuration">
      <dl className="estimate-line">
        <div>
          <dt>parameters</dt>
          <dd>{exact(count.total)}</dd>
        </div>
        <div>
          <dt>a step</dt>
          <dd>{compact(flopsPerStep(config).total)}FLOP</dd>
        </div>
        <div>
          <dt>memory</dt>
          <dd>{bytes(memory.total)}</dd>
        </div>
        {estimate !== null && (
          <div title={ESTIMATED}>
            <dt>{exact(config.training.steps)} steps</dt>
            <dd>{estimate.time}</dd>
          </div>
        )}
      </dl>
      <details>
        <summary>
          <span className="visually-hidden">Parameters by part</span>
          <span className="parts-bar" aria-hidden="true">
            {parts.map((part) => (
              <span
                key={part}
                className={`part part-${part}`}
                style={{ flexGrow: count[part] }}
                title={`${PART_NAMES[part]} ${percent(count[part] / count.total)}`}
              />
            ))}
          </span>
          <span className="parts-caption">
            {counting === '' ? <LargestParts count={count} parts={parts} /> : `Counted with ${counting}.`}
          </span>
        </summary>
        <table className="parts">
          <tbody>
            {parts.map((part) => (
              <tr key={part}>
                <th scope="row">
                  <span className={`part part-${part}`} aria-hidden="true" />
                  {PART_NAMES[part]}
                </th>
                <td>{exact(count[part])}</td>
                <td>{percent(count[part] / count.total)}</td>
              </tr>
            ))}
          </tbody>
          <tbody>
            {[
              { name: 'weights, gradients, moments', size: memory.weights + memory.gradients + memory.moments },
              { name: 'restore points', size: memory.restorePoints },
              { name: 'activations', size: memory.activations },
              { name: 'workspace', size: memory.workspace },
            ].map(({ name, size }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{bytes(size)}</td>
                <td>{percent(size / memory.total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {estimate !== null && <p className="hint">{ESTIMATED}</p>}
      </details>
    </section>
  );
}

/** What counts of controls that hold no value at the moment: `context 32, 4× width 96`. */
function countingValues(config: RunConfig, names: readonly string[]): string {
  const values = names.flatMap((name) => {
    const control = controlNamed(name, config);
    if (control === undefined) return [];
    const index = /^hierarchies\[(\d+)\]/.exec(name)?.[1];
    const owner = index === undefined ? '' : `${config.model.hierarchies[Number(index)].factor}× `;
    return [`${owner}${control.label.toLowerCase()} ${valueText(control, control.read(config))}`];
  });
  return values.join(', ');
}

interface LargestPartsProps {
  count: Record<ParameterPart, number> & { total: number };
  parts: readonly ParameterPart[];
}

/** The three largest parts in words, or as many of them as a line holds. */
function LargestParts({ count, parts }: LargestPartsProps) {
  const largest = [...parts].sort((a, b) => count[b] - count[a]).slice(0, 3);
  return (
    <span className="largest-parts">
      {largest.map((part, at) => (
        <span key={part}>
          {at > 0 && ' · '}
          {PART_NAMES[part]} {percent(count[part] / count.total)}
        </span>
      ))}
    </span>
  );
}
