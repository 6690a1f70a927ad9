import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../../session.ts';
import type { RunRecord } from '../../state/runs.ts';
import { seedGroups } from './seed-groups.ts';

/** Runs of this visit that differ in nothing but their seed; the same array until another run is through, or the list changes. */
export function useSeedGroups(): readonly (readonly RunRecord[])[] {
  const session = useSession();
  const runs = useStore(session.runs, (state) => state.runs);
  // Columns grow outside of the list of runs.
  const members = useStore(session.curves, () =>
    seedGroups(runs)
      .flat()
      .map(({ id }) => id)
      .join(),
  );
  return useMemo(() => (members === '' ? [] : seedGroups(runs)), [runs, members]);
}
