import type { ChartLine } from '../chart/chart-line.ts';
import { comparedRuns } from '../state/runs.ts';
import type { RunRecord, RunsState } from '../state/runs.ts';

/** How a run is drawn on every chart where it is no hierarchy that has a colour. */
export interface RunLook {
  color: string;
  dash: string | undefined;
}

export type RunLooks = ReadonlyMap<number, RunLook>;

const SOLID: RunLook = { color: 'var(--ink)', dash: undefined };

/** As many as runs can be drawn beside the solid one: so many can be pinned, and the newest then. */
export const TONES = 5;

/** One dash for each pin, so that lines are told apart without their colours. */
const DASHES = ['7 4', '2 3', '11 3 2 3', '5 2 1.5 2 1.5 2', '14 3 5 3'];
/** A run that is compared without a pin. */
const UNPINNED = '12 3';

/** The runs on the charts of the present run: this one in ink and solid, and the pinned ones. */
export function looksOnWatch(state: Pick<RunsState, 'runs' | 'presentId'>): RunLooks {
  const drawn = state.runs.filter(({ id, pin }) => id === state.presentId || pin !== null);
  return looksOf(comparedRuns(state), drawn, state.presentId);
}

/** The runs of a comparison: in ink and solid is the newest of this visit. */
export function looksInComparison(state: Pick<RunsState, 'runs'>): RunLooks {
  const compared = comparedRuns(state);
  return looksOf(compared, compared, compared.findLast(({ origin }) => origin === 'visit')?.id ?? null);
}

/** `compared` decides the colours, so that a run has the same one wherever it is drawn. */
function looksOf(compared: readonly RunRecord[], drawn: readonly RunRecord[], solidId: number | null): RunLooks {
  const tones = new Map<number, number>();
  // A run keeps the colour of its number as long as no older one has it.
  for (const { id } of compared.filter((run) => run.id !== solidId)) {
    let tone = ((id % TONES) + TONES) % TONES;
    while ([...tones.values()].includes(tone)) tone = (tone + 1) % TONES;
    tones.set(id, tone);
  }
  return new Map(
    drawn.map(({ id, pin }): [number, RunLook] => [
      id,
      id === solidId
        ? SOLID
        : { color: `var(--run-${tones.get(id) ?? 0})`, dash: pin === null ? UNPINNED : DASHES[pin % DASHES.length] },
    ]),
  );
}

/**
 * The same, with the runs that are drawn with those as their other seeds: each group in the look of its newest run that is
 * compared.
 *
 * @param apart whether each seed has a line of its own; then a compared one keeps its look
 */
export function withOtherSeeds(
  looks: RunLooks,
  compared: readonly RunRecord[],
  groups: readonly (readonly RunRecord[])[],
  apart: boolean,
): RunLooks {
  const ofGroups = groups.flatMap((group) => {
    const drawn = compared.findLast((run) => group.includes(run));
    const look = drawn && looks.get(drawn.id);
    return look === undefined ? [] : group.map(({ id }) => [id, look] as const);
  });
  return new Map(apart ? [...ofGroups, ...looks] : [...looks, ...ofGroups]);
}

export function lookOf({ id }: Pick<RunRecord, 'id'>, looks: RunLooks): RunLook {
  return looks.get(id) ?? SOLID;
}

/** What a training loss of a run is called in a file: a link brings it smoothed, which is no measurement. */
export function lossColumn({ origin }: Partial<Pick<RunRecord, 'origin'>>, name: string): string {
  return origin === 'link' ? `${name}_smoothed` : name;
}

/** A curve of a link was smoothed before it was sent, and is drawn as it came. */
export function overlayStyle({ origin }: Pick<RunRecord, 'origin'>): ChartLine['style'] {
  return origin === 'link' ? 'exact' : 'overlay';
}
