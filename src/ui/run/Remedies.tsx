import type { ReactNode } from 'react';
import { hotSettings, withHotSettings } from '../../config/hot-settings.ts';
import type { Fix } from '../../config/problems.ts';
import { useRun, useSession } from '../session.ts';
import { trainAgain } from '../shell/train-again.ts';
import { gentlerRate, gentlerWay, wayBack } from '../state/remedies.ts';
import { rewindStep } from '../state/run-state.ts';
import { useEditedRun } from './use-edited-run.ts';

interface RemediesProps {
  fixes: readonly (Fix | null)[];
  /** Buttons before those, and after them. */
  first?: ReactNode;
  children?: ReactNode;
}

/** Buttons that train the run anew with another setting. */
export function Remedies({ fixes, first, children }: RemediesProps) {
  const session = useSession();
  return (
    <div className="notice-actions">
      {first}
      {fixes
        .filter((fix) => fix !== null)
        .map((fix) => (
          <button key={fix.label} type="button" className="button" onClick={() => trainAgain(session, fix)}>
            {fix.label} and train again
          </button>
        ))}
      {children}
    </div>
  );
}

/**
 * Ways on for a run that went wrong: back to where it was sound, with the settings that it had there if it has got others
 * since, or with a gentler rate.
 */
export function RewindRemedies({ children }: { children: ReactNode }) {
  const { controller } = useSession();
  const config = useEditedRun();
  const step = useRun(rewindStep);
  const goesOn = useRun(({ phase }) => phase.name !== 'diverged');
  const former = step === null ? null : controller.settingsBefore(step);
  const sound = former === null ? config : withHotSettings(config, former);
  const gentler = gentlerRate(sound);
  const gentlerFrom = step === null ? null : gentlerWay(config, former ?? hotSettings(config), step);
  const back = step === null || former === null ? null : wayBack(config, former, step);
  const ways = [back, gentlerFrom].filter((way) => way !== null);
  return (
    <Remedies
      // A run that still trains is left for a new one by the transport's buttons as well.
      fixes={goesOn && step !== null ? [] : [gentler]}
      first={ways.map((way, index) => (
        <button
          key={way.label}
          type="button"
          className={index === 0 ? 'button primary' : 'button'}
          onClick={() => controller.rewind(way)}
        >
          {way.label}
        </button>
      ))}
    >
      {children}
    </Remedies>
  );
}
