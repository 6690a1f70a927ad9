import { TUNINGS, type ShapeClass, type Tile, type Tuning } from '../tensor/tuning.ts';
import { CONTESTS } from './tile-timing.ts';

/**
 * Whether a value of unknown origin is a tuning that this program could choose for an adapter whose usual one is `usual`:
 * each field as there or as some fallback has it, and tiles also from those that are timed.
 */
export function isPossibleTuning(value: unknown, usual: Tuning): value is Tuning {
  const sources: Tuning[] = [usual, TUNINGS.gpu, TUNINGS.software];
  const { matmul: _, ...others } = usual;
  return (
    isRecordOf(Object.keys(usual), value) &&
    isPossibleProduct(value.matmul, sources) &&
    (Object.keys(others) as (keyof typeof others)[]).every((field) =>
      sources.some((source) => source[field] === value[field]),
    )
  );
}

function isPossibleProduct(value: unknown, sources: readonly Tuning[]): boolean {
  if (typeof value === 'string') return sources.some(({ matmul }) => matmul === value);
  const sizes = Object.keys(CONTESTS) as ShapeClass[];
  return (
    isRecordOf(sizes, value) &&
    sizes.every((size) => {
      const usualTiles = sources.map(({ matmul }) => (matmul === 'direct' ? null : matmul[size]));
      const tiles: readonly (Tile | null)[] = [...CONTESTS[size].tiles, ...usualTiles];
      return tiles.some((tile) => tile !== null && tile === value[size]);
    })
  );
}

/** Whether a value is an object with these fields and no other. */
function isRecordOf(fields: readonly string[], value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).length === fields.length && fields.every((field) => Object.hasOwn(value, field));
}
