import { runField } from '../../config/fields.ts';
import { presetConfig } from '../../config/presets.ts';
import type { Fix } from '../../config/problems.ts';
import { withModel, withTraining } from '../../config/problem.ts';
import { changedSettings, hotSettings, withHotSettings } from '../../config/hot-settings.ts';
import { shortestDecimal } from '../../config/number-text.ts';
import type { HotSettings, RunConfig } from '../../config/types.ts';
import { longestContext, type TextLength } from '../../text/text-length.ts';
import { exact } from '../format/quantity.ts';
import { settingPhrase } from './marks.ts';

/** A diverged run is tried again with a third of its learning rate. Null when there is nothing to lower. */
export function gentlerRate(config: RunConfig): Fix | null {
  const learningRate = Number((config.training.learningRate / 3).toPrecision(1));
  if (learningRate === 0) return null;
  return {
    label: `Use learning rate ${shortestDecimal(learningRate)}`,
    apply: (run) => withTraining(run, { learningRate }),
  };
}

/** A run that was ruined by new settings goes back to `step` and to those that it had until then. */
export function wayBack(config: RunConfig, former: HotSettings, step: number): Fix {
  const back = settingPhrase(changedSettings(hotSettings(config), former));
  return {
    label: `Back to before step ${exact(step + 1)}${back === '' ? '' : `, with ${back}`}`,
    apply: (run) => withHotSettings(run, former),
  };
}

/** The same with a gentler rate besides; null when there is nothing to lower. */
export function gentlerWay(config: RunConfig, former: HotSettings, step: number): Fix | null {
  const gentler = gentlerRate(withHotSettings(config, former));
  if (gentler === null) return null;
  const apply = (run: RunConfig): RunConfig => gentler.apply(withHotSettings(run, former));
  const use = settingPhrase(changedSettings(hotSettings(config), hotSettings(apply(config))));
  return { label: `${use === '' ? gentler.label : `Use ${use}`} from step ${exact(step)} on`, apply };
}

/** A text may be long enough for a shorter context; null where it is too short for any. */
export function shorterContext(text: TextLength): Fix | null {
  const contextLength = longestContext(text);
  const result = runField('contextLength').write(presetConfig('quick'), String(contextLength));
  if (!result.ok) return null;
  return { label: `Use context ${contextLength}`, apply: (run) => withModel(run, { contextLength }) };
}

/** A run that does not fit into memory may keep less of it; empty when it does so already. */
export function leanerRun({ training }: RunConfig): Fix[] {
  if (training.recompute) return [];
  const apply = (run: RunConfig): RunConfig => withTraining(run, { recompute: true });
  return [{ label: 'Recompute activations', apply }];
}

/** Ways to make a run smaller that the GPU could not hold: half the batch, half the context. */
export function smallerRun(config: RunConfig): Fix[] {
  const fixes: Fix[] = [];
  const batchSize = Math.floor(config.training.batchSize / 2);
  const contextLength = Math.floor(config.model.contextLength / 2);
  if (batchSize >= 1) {
    fixes.push({
      label: `Use batch ${batchSize}`,
      apply: (run) => withTraining(run, { batchSize }),
    });
  }
  if (contextLength >= 2) {
    fixes.push({ label: `Use context ${contextLength}`, apply: (run) => withModel(run, { contextLength }) });
  }
  return fixes;
}
