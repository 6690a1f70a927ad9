import { Suspense } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { Fallible } from '../shell/Fallible.tsx';
import { lazyPart } from '../shell/lazy-part.tsx';

/** A new visitor has none. */
const Rail = lazyPart(
  () => import('./WatchRail.tsx'),
  (it) => it.WatchRail,
);

/** The runs beside the charts, once there is a second one to draw or to return to. */
export function RunsOnWatch() {
  const several = useStore(
    useSession().runs,
    ({ runs, presentId, removed }) => runs.some(({ id }) => id !== presentId) || removed !== null,
  );
  if (!several) return null;
  return (
    <Fallible what="The list of runs">
      <Suspense fallback={null}>
        <Rail />
      </Suspense>
    </Fallible>
  );
}
