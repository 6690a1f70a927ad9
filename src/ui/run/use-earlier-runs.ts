import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useRun, useSession } from '../session.ts';
import type { EarlierRun } from '../state/run-state.ts';

/** Runs that are kept and can go on, but for one that was deleted in Compare and is offered back there. */
export function useEarlierRuns(): readonly EarlierRun[] {
  const earlier = useRun((state) => state.earlier);
  const removedId = useStore(useSession().runs, ({ removed }) => removed?.run.id);
  return useMemo(
    () => (removedId === undefined ? earlier : earlier.filter(({ inPlaceOf }) => inPlaceOf !== removedId)),
    [earlier, removedId],
  );
}
