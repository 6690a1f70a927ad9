import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import type { RunText } from '../../comparison/same-bytes.ts';
import type { FirstWeights } from '../../protocol/first-weights.ts';
import type { RunHistory } from '../../protocol/run-history.ts';
import { historyOf, metricsOf } from './run-history.ts';
import type { ModelFacts } from './run-state.ts';
import type { RunRecord } from './runs.ts';

/** What Compare knows of a run, which needs no model for that. */
export interface StoredRecord {
  name: string;
  /** Its configuration as a link, which later versions of the page can still read. */
  query: string;
  text: RunText | null;
  /** Left out where they were drawn, as in records of earlier versions of the page. */
  firstWeights?: FirstWeights;
  model: ModelFacts | null;
  /** The step that it is at, which its curve may not reach. */
  step: number;
  history: RunHistory;
  /** Number of its pin; null when it is not pinned. */
  pin: number | null;
  /** Where all that it takes to go on was put; null where it was not. */
  place: string | null;
  /** When it was begun, or gone on with, in milliseconds since 1970. */
  begunAt: number;
}

/** A record as it is found again. */
export interface FoundRecord {
  run: Omit<RunRecord, 'id' | 'origin'>;
  place: string | null;
  begunAt: number;
}

export function recordOf(run: RunRecord, { place, begunAt }: Pick<FoundRecord, 'place' | 'begunAt'>): StoredRecord {
  const { name, config, preset, text, firstWeights, model, metrics, pin } = run;
  const query = encodeQuery(config, preset);
  return {
    name,
    query,
    text,
    firstWeights,
    model,
    step: metrics.madeSteps,
    history: historyOf(metrics),
    pin,
    place,
    begunAt,
  };
}

/** Null for what cannot be read, or would be understood otherwise than it was meant. */
export function readRecord(stored: unknown): FoundRecord | null {
  try {
    const { name, query, text, firstWeights, model, step, history, pin, place, begunAt } = stored as StoredRecord;
    const link = decodeQuery(query);
    if (linkComplaints(link).length > 0 || !isSound(history, step) || !isPin(pin)) return null;
    if (typeof name !== 'string' || !Number.isFinite(begunAt) || (text !== null && typeof text.name !== 'string')) {
      return null;
    }
    const { config, preset } = link;
    const metrics = metricsOf(history, config.model).upTo(step);
    return {
      run: { name, preset, config, text, ...(firstWeights && { firstWeights }), metrics, model, pin },
      place,
      begunAt,
    };
  } catch {
    return null;
  }
}

/** Whether there is a value for each step. */
function isSound({ batch, validations }: RunHistory, step: number): boolean {
  const { step: steps, trainBpb, gradNorm, learningRate, activeSeconds, recon, ar } = batch;
  const columns = [steps, trainBpb, gradNorm, learningRate, activeSeconds, ...recon, ...ar];
  return (
    Number.isSafeInteger(step) &&
    columns.every((column) => column === null || (ArrayBuffer.isView(column) && column.length === steps.length)) &&
    validations.every((validation) => Number.isFinite(validation.step))
  );
}

function isPin(pin: number | null): boolean {
  return pin === null || Number.isSafeInteger(pin);
}
