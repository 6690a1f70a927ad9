import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/** Where runs of this page lie in the browser with all that it takes to go on, by their numbers. */
export type RunPlaces = StoreApi<{ of: ReadonlyMap<number, string> }>;

export function createRunPlaces(): RunPlaces {
  return createStore(() => ({ of: new Map<number, string>() }));
}

export function setPlace(places: RunPlaces, runId: number, place: string): void {
  if (places.getState().of.get(runId) === place) return;
  places.setState(({ of }) => ({ of: new Map([...of, [runId, place]]) }));
}

/** Number of the run of this page that lies there, the newest of those that were gone on with. */
export function runAt(places: RunPlaces, place: string): number | undefined {
  return [...places.getState().of].findLast(([, each]) => each === place)?.[0];
}
