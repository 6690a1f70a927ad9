import { useStore } from 'zustand';
import { EarlierRunList } from '../../run/EarlierRunList.tsx';
import { useRun, useSession } from '../../session.ts';
import { useEarlierRuns } from '../../run/use-earlier-runs.ts';

/**
 * Runs of earlier visits, which join those of this one when they are opened. While there is no run a notice above offers
 * them, and one that trains is not to be ended from here.
 */
export function KeptRuns() {
  const runs = useStore(useSession().runs, (state) => state.runs);
  const standsStill = useRun(({ phase: { name } }) => name !== 'idle' && name !== 'compiling' && name !== 'training');
  const earlier = useEarlierRuns();
  const untaken = useRun((state) => state.untaken);
  const others = earlier.filter(({ inPlaceOf }) => !runs.some(({ id }) => id === inPlaceOf));
  if (!standsStill || (others.length === 0 && untaken === null)) return null;
  return (
    <section className="kept-runs" aria-labelledby="kept-runs-title">
      <h3 id="kept-runs-title">
        Kept in this browser{' '}
        <span className="unit">the one that is opened becomes the present run; those above stay here</span>
      </h3>
      <EarlierRunList runs={others} />
      {untaken !== null && (
        <p className="runs-said" role="status">
          {untaken.name} cannot be had here: {untaken.why}
        </p>
      )}
    </section>
  );
}
