import { useCurves } from '../session.ts';
import { loss } from '../format/quantity.ts';
import { collapsedHierarchies } from './collapse.ts';
import { usePresentRun } from './use-chart-runs.ts';

/** Says when a hierarchy predicts itself well for the wrong reason. */
export function CollapseNote() {
  const { metrics } = useCurves();
  const { config } = usePresentRun();
  return collapsedHierarchies(metrics).map((hierarchy) => (
    <p key={hierarchy} className="message" data-severity="warning" title={ABOUT} role="status">
      <strong>{config.model.hierarchies[hierarchy].factor}× collapsed:</strong> its tokens are all alike (spread{' '}
      {loss(metrics.spread[hierarchy]!.y.last)}), so predicting the next one is no feat. Early on this passes.
    </p>
  ));
}

const ABOUT =
  'What a stream is to predict are its own tokens, so it can make that easy by making them all the same. Reconstruction ' +
  'pulls them apart again; where it does not, a smaller weight of the hierarchical prediction does.';
