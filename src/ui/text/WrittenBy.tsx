import { useStore } from 'zustand';
import { Segmented } from '../form/Segmented.tsx';
import { hueOf } from '../hue.ts';
import { useRun, useSession } from '../session.ts';
import { factorsToOmit } from '../state/text.ts';
import { omissionHint } from './omission-hint.ts';

/** Which hierarchies write. Nothing where there is one, or nothing is merged. */
export function WrittenBy() {
  const { writer } = useSession();
  const config = useRun((state) => state.config);
  const chosen = useStore(writer.store, (state) => state.by);
  const factors = factorsToOmit(config);
  if (config === null || factors.length === 0) return null;
  // The run before may have had other hierarchies.
  const by = typeof chosen === 'number' && !factors.includes(chosen) ? 'all' : chosen;
  const hint = omissionHint(config.model, by);
  return (
    <div className="written-by">
      <div className="choice">
        <span id="written-by-label" className="choice-label">
          Written by
        </span>
        <Segmented
          name="written-by"
          labelledBy="written-by-label"
          describedBy={hint === null ? undefined : 'written-by-hint'}
          value={String(by)}
          options={[
            { value: 'all', label: 'all' },
            ...factors.map((factor) => ({
              value: String(factor),
              label: `without ${factor}×`,
              color: hueOf(factor),
            })),
            { value: 'each', label: 'each of these' },
          ]}
          onChange={(value) => writer.setBy(value === 'all' || value === 'each' ? value : Number(value))}
        />
      </div>
      {hint !== null && (
        <p id="written-by-hint" className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
