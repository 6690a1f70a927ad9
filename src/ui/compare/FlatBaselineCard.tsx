import { useMemo, useState } from 'react';
import { flopsPerStep, parameterCount } from '../../config/costs.ts';
import type { RunConfig } from '../../config/types.ts';
import { compact, exact } from '../format/quantity.ts';
import { useConfig, useSession } from '../session.ts';
import { loadConfig } from '../state/config-store.ts';
import { excessText, flatBaseline } from './flat-baseline.ts';

/** Makes the fair opponent of the form's model. Once it is in the form, the form is flat and this says so. */
export function FlatBaselineCard() {
  const { config: store, link, texts } = useSession();
  const config = useConfig((state) => state.config);
  const baseline = useMemo(() => flatBaseline(config), [config]);
  const [made, setMade] = useState<{ config: RunConfig; text: string } | null>(null);
  if (baseline === null) {
    return made?.config === config ? (
      <p className="notice baseline" role="status">
        {made.text}
      </p>
    ) : null;
  }
  const [stream] = baseline.config.model.hierarchies;
  const put = (): void => {
    const { preset } = store.getState();
    link.commit(() => loadConfig(store, preset, baseline.config));
    texts.openWanted();
    setMade({
      config: baseline.config,
      text: `The form now holds the flat baseline: ${excessText(baseline.excess)}. Train it to compare; Back returns to the model with hierarchies.`,
    });
  };
  return (
    <section className="panel baseline" aria-labelledby="baseline-title">
      <h2 id="baseline-title">A fair opponent for the model in the form</h2>
      <p>
        Hierarchies cost work. A plain transformer that spends as much per step on one stream of bytes shows whether
        they earn it: 1×, width {stream.dim}, {stream.heads} heads of {stream.dimHead}, full attention,{' '}
        {exact(parameterCount(baseline.config.model).total)} parameters, {compact(flopsPerStep(baseline.config).total)}
        FLOP a step, {excessText(baseline.excess)}. Depth, context, batch and training stay as they are.
      </p>
      <button type="button" className="button" onClick={put}>
        Same FLOPs, flat baseline
      </button>
    </section>
  );
}
