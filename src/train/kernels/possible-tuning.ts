import { SMALL_GPU, TUNINGS, type ShapeClass, type Tile, type Tuning } from '../../tensor/tuning.ts';
import { CONTESTS, TIMED_ATTENTION } from './contests.ts';

/** What joint and shared dispatches that are wrong, or slower, give way to, with each attention that is timed. */
const TIMED: Tuning[] = TIMED_ATTENTION.map((attention) => ({
  ...TUNINGS.gpu,
  jointGradients: false,
  sharedDispatches: false,
  attention,
}));

/**
 * Whether a value of unknown origin is a tuning that this program could choose for an adapter whose usual one is `usual`:
 * each field as there or as some fallback has it, and tiles also from those that are timed.
 */
export function isPossibleTuning(value: unknown, usual: Tuning): value is Tuning {
  if (!isRecord(value)) return false;
  const sources: Tuning[] = [usual, TUNINGS.gpu, SMALL_GPU, ...TIMED, TUNINGS.software];
  const fields = new Set([...Object.keys(value), ...Object.keys(usual)]) as Set<keyof Tuning>;
  return [...fields].every((field) =>
    field === 'matmul'
      ? isPossibleProduct(value.matmul, sources)
      : // What a source does not have may be missing here, too.
        Object.hasOwn(usual, field) && sources.some((source) => isSame(source[field], value[field])),
  );
}

function isPossibleProduct(value: unknown, sources: readonly Tuning[]): boolean {
  if (typeof value === 'string') return sources.some(({ matmul }) => matmul === value);
  const sizes = Object.keys(CONTESTS) as ShapeClass[];
  return (
    isRecord(value) &&
    Object.keys(value).length === sizes.length &&
    sizes.every((size) => {
      const usualTiles = sources.map(({ matmul }) => (typeof matmul === 'string' ? null : matmul[size]));
      const tiles: readonly (Tile | null)[] = [...CONTESTS[size].tiles, ...usualTiles];
      return tiles.some((tile) => tile !== null && tile === value[size]);
    })
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether two values are the same to JSON. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
