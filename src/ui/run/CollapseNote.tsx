import { useCurves } from '../session.ts';
import { loss } from '../format/quantity.ts';
import { collapsedHierarchies } from './collapse.ts';
import { usePresentRun } from './use-chart-runs.ts';

/** Says when hierarchies predict themselves well for the wrong reason. */
export function CollapseNote() {
  const { metrics } = useCurves();
  const { config } = usePresentRun();
  const collapsed = collapsedHierarchies(metrics);
  if (collapsed.length === 0) return null;
  const names = collapsed.map((hierarchy) => `${config.model.hierarchies[hierarchy].factor}×`);
  const spreads = collapsed.map((hierarchy) => loss(metrics.spread[hierarchy]!.y.last));
  return (
    <div className="collapse-note">
      <p className="message" data-severity="warning" title={ABOUT}>
        <span role="status">
          <strong>{names.join(', ')} collapsed:</strong> tokens are all alike
        </span>{' '}
        (spread {spreads.join(', ')}). Early on this passes.
      </p>
    </div>
  );
}

const ABOUT =
  'What a stream is to predict are its own tokens, so it can make that easy by making them all the same: then predicting ' +
  'the next one is no feat. Reconstruction pulls them apart again; where it does not, a smaller weight of the ' +
  'hierarchical prediction does.';
