import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { encodeQuery } from '../../config/codec/encode.ts';
import { flopsPerStep, parameterCount } from '../../config/costs.ts';
import { compact, exact } from '../format/quantity.ts';
import { useConfig, useSession } from '../session.ts';
import { loadConfig } from '../state/config-store.ts';
import { excessText, flatBaseline } from './flat-baseline.ts';
import type { FlatBaseline } from './flat-baseline.ts';
import { TryBoth } from './queue/TryBoth.tsx';

/** Makes the fair opponent of the form's model. Once it is in the form, the form is flat and this says so. */
export function FlatBaselineCard() {
  const { config: store, link, texts } = useSession();
  const config = useConfig((state) => state.config);
  const preset = useConfig((state) => state.preset);
  const baseline = useMemo(() => flatBaseline(config), [config]);
  const [made, setMade] = useState<FlatBaseline | null>(null);
  if (baseline === null) return made?.config === config ? <BaselineInForm {...made} /> : null;
  const [stream] = baseline.config.model.hierarchies;
  const put = (): void => {
    link.commit(() => loadConfig(store, preset, baseline.config));
    texts.openWanted();
    setMade(baseline);
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
      <div className="baseline-ways">
        <button type="button" className="button" onClick={put}>
          Same FLOPs, flat baseline
        </button>
        <TryBoth
          both={[
            { config, preset },
            { config: baseline.config, preset },
          ]}
        />
      </div>
    </section>
  );
}

/** That the form holds the opponent, and what comes next, until that has become a run. */
export function BaselineInForm({ config, excess }: FlatBaseline) {
  const isRun = useStore(useSession().runs, ({ runs }) =>
    runs.some((run) => run.origin === 'visit' && encodeQuery(run.config) === encodeQuery(config)),
  );
  if (isRun) return null;
  return (
    <p className="notice baseline" role="status">
      The form now holds the flat baseline: {excessText(excess)}. Train it to compare; Back returns to the model with
      hierarchies.
    </p>
  );
}
