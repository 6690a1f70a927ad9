import { parameterCount, tokensPerStep } from '../../config/costs.ts';
import { effectiveWindow } from '../../config/effective-window.ts';
import { runField } from '../../config/fields.ts';
import { hasMerges } from '../../config/has-merges.ts';
import { shortestDecimal } from '../../config/number-text.ts';
import { predictingIndex } from '../../config/predicting-hierarchy.ts';
import type { HierarchyConfig, ModelConfig } from '../../config/types.ts';
import { bitsPerByte, predictedBytes } from '../../protocol/test-score.ts';
import { timeOf } from '../compare/run-figures.ts';
import { textNames } from '../compare/run-text.ts';
import { exact, loss, withError } from '../format/quantity.ts';
import { changedSince } from '../state/marks.ts';
import type { RunMetrics } from '../state/run-metrics.ts';
import type { RunRecord } from '../state/runs.ts';

/** What is told of a run; without `metrics` of one that has not begun. */
export type Told = Pick<RunRecord, 'config' | 'text' | 'firstWeights'> & { metrics?: RunMetrics };

/**
 * A run as a report would describe it: its model, how it was trained, what it came to. Three lines at most.
 *
 * @param machine what trained it; null where nobody knows
 */
export function runInWords(run: Told, machine: string | null): string {
  const { config, metrics } = run;
  const results = metrics === undefined || metrics.madeSteps === 0 ? [] : [`Results: ${resultsOf(metrics, machine)}`];
  return [`Model: ${modelInWords(config.model)}`, `Training: ${trainingInWords(run)}`, ...results].join('\n');
}

function modelInWords(model: ModelConfig): string {
  const { hierarchies, depth, contextLength } = model;
  const predicting = hierarchies[predictingIndex(model)];
  const isPlain = hierarchies.length === 1 && predicting.factor === 1;
  const kind = isPlain
    ? 'a plain transformer on bytes'
    : 'a hierarchical transformer (after lucidrains/simple-hierarchical-transformer)';
  const streams = hierarchies.map((hierarchy) => streamInWords(model, hierarchy)).join('; ');
  return (
    `${kind}, ${exact(parameterCount(model).total)} parameters, ${count(depth, 'layer')}, context of ` +
    `${exact(contextLength)} bytes. ${isPlain ? 'Its stream is' : 'Streams are'} ${streams}. ${mergeInWords(model, predicting)}`
  );
}

function streamInWords(model: ModelConfig, hierarchy: HierarchyConfig): string {
  const { factor, stride, dim, heads, dimHead, ffMult } = hierarchy;
  const window = effectiveWindow(model, hierarchy);
  const attention =
    window === 0
      ? 'no attention'
      : `${count(heads, 'head')} of ${dimHead} channels over ${window === null ? 'all earlier tokens' : count(window, 'earlier token')}`;
  const pace = factor === 1 ? '' : `a token for every ${stride === 1 ? 'byte' : `${stride} bytes`}, `;
  return `${factor}× (${pace}${dim} wide, ${attention}, feed-forward of ${shortestDecimal(ffMult)} × width)`;
}

function mergeInWords(model: ModelConfig, { factor }: HierarchyConfig): string {
  const from =
    model.predictAll && model.hierarchies.length > 1 ? 'all streams together predict' : `${factor}× predicts`;
  if (model.hierarchies.length === 1) return `${capital(from)} the next byte.`;
  if (!hasMerges(model)) return `The streams are not merged; ${from} the next byte.`;
  const into = model.mergeAll ? 'every one of them' : `the one at ${factor}×`;
  return `After each layer all streams are merged into ${into}; ${from} the next byte.`;
}

function trainingInWords({ config, text, firstWeights, metrics }: Told): string {
  const { training, model } = config;
  const steps = metrics !== undefined && metrics.madeSteps > 0 ? metrics.madeSteps : training.steps;
  const batches = training.accumulation === 1 ? '' : `${exact(training.accumulation)} batches of `;
  // Of a text that is not there yet the form's name, without where it comes from.
  const name = text?.name ?? textNames([{ config }])[0].replace(/ \(.*/, '');
  const digest = text?.sha256 ? ` (SHA-256 ${text.sha256})` : '';
  const decay =
    training.weightDecay === 0 ? 'Adam' : `AdamW with a weight decay of ${shortestDecimal(training.weightDecay)}`;
  const course = training.schedule === 'cosine' ? ', then falling along half a cosine' : '';
  const clip = training.clip === 0 ? 'without clipping' : `gradient norm clipped to ${shortestDecimal(training.clip)}`;
  const begun =
    firstWeights === undefined
      ? `seed ${training.seed}`
      : `from the weights of ${firstWeights.name} at step ${exact(firstWeights.step)}, seed ${training.seed}`;
  return (
    `${count(steps, 'step')} of ${batches}${count(training.batchSize, 'sequence')}, ${exact(steps * tokensPerStep(config))} bytes ` +
    `of ${name}${digest}; ${decay} (betas 0.9 and 0.999), learning rate ${shortestDecimal(training.learningRate)} after ` +
    `${count(training.warmupSteps, 'step')} of warm-up${course}, ${clip}; loss: ${lossInWords(model)}; ` +
    `${training.halfPrecision ? 'activations of 16 bits' : '32-bit floats'}; ${begun}.${changesInWords(metrics)}`
  );
}

function lossInWords({ reconWeight, arWeight, hierarchies }: ModelConfig): string {
  const compressed = hierarchies.some(({ factor }) => factor > 1);
  const terms = ['next byte'];
  if (compressed && reconWeight > 0) terms.push(`${shortestDecimal(reconWeight)} × reconstruction`);
  if (compressed && arWeight > 0) terms.push(`${shortestDecimal(arWeight)} × hierarchical prediction`);
  return terms.join(' + ');
}

/** A setting that was changed on the way has its newest value in the configuration. */
function changesInWords(metrics: RunMetrics | undefined): string {
  if (metrics === undefined) return '';
  return [...changedSince(metrics.marks)]
    .flatMap(([name, changes]) =>
      changes.map(({ step, from, to }) => {
        const values =
          from === undefined || to === undefined ? '' : ` from ${shortestDecimal(from)} to ${shortestDecimal(to)}`;
        return ` ${runField(name).label} changed${values} after step ${exact(step)}.`;
      }),
    )
    .join('');
}

function resultsOf(metrics: RunMetrics, machine: string | null): string {
  const { testScore, train, validation, validationStep } = metrics;
  const figures: string[] = [];
  if (testScore !== null) {
    figures.push(
      `${withError(bitsPerByte(testScore))} on ${exact(predictedBytes(testScore))} bytes of the test part at step ` +
        `${exact(testScore.step)} (with the standard error)`,
    );
  }
  if (validation.y.length > 0)
    figures.push(`${loss(validation.y.last)} in validation at step ${exact(validationStep.last)}`);
  if (train.y.length > 0)
    figures.push(`${loss(train.smoothed.last)} in training (moving average) at step ${exact(metrics.lastStep)}`);
  const time = timeOf(metrics);
  const spent = time === '–' ? '' : ` ${capital(`${time} of training`)}${machine === null ? '' : ` on ${machine}`}.`;
  return figures.length === 0 ? `not measured.${spent}` : `bits per byte: ${figures.join(', ')}.${spent}`;
}

function count(value: number, thing: string): string {
  return `${exact(value)} ${thing}${value === 1 ? '' : 's'}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
