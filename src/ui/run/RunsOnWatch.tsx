import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { lazyPart } from '../shell/lazy-part.tsx';
import { WhenLoaded } from '../shell/WhenLoaded.tsx';

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
    <WhenLoaded what="The list of runs">
      <Rail />
    </WhenLoaded>
  );
}
