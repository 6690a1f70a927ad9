import type { ReactNode } from 'react';
import { hotSettings, withHotSettings } from '../../config/hot-settings.ts';
import type { Fix } from '../../config/problems.ts';
import { useConfig, useRun, useSession } from '../session.ts';
import { startOver } from '../shell/start-over.ts';
import { editConfig } from '../state/config-store.ts';
import { gentlerRate, gentlerWay, wayBack } from '../state/remedies.ts';
import { rewindStep } from '../state/run-state.ts';

interface RemediesProps {
  fixes: readonly (Fix | null)[];
  /** Buttons before those, and after them. */
  first?: ReactNode;
  children?: ReactNode;
}

/** Buttons that change the form and train with it from the beginning. */
export function Remedies({ fixes, first, children }: RemediesProps) {
  const session = useSession();
  const start = (fix: Fix): void => {
    editConfig(session.config, (config) => fix.apply(config));
    startOver(session);
  };
  return (
    <div className="notice-actions">
      {first}
      {fixes
        .filter((fix) => fix !== null)
        .map((fix) => (
          <button key={fix.label} type="button" className="button" onClick={() => start(fix)}>
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
  const { controller, config: form } = useSession();
  const config = useConfig((state) => state.config);
  const step = useRun(rewindStep);
  const goesOn = useRun(({ phase }) => phase.name !== 'diverged');
  const former = step === null ? null : controller.settingsBefore(step);
  const sound = former === null ? config : withHotSettings(config, former);
  const gentler = gentlerRate(sound);
  const gentlerFrom = step === null ? null : gentlerWay(config, former ?? hotSettings(config), step);
  const goOn = (fix: Fix): void => {
    editConfig(form, (run) => fix.apply(run));
    controller.rewind();
  };
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
          onClick={() => goOn(way)}
        >
          {way.label}
        </button>
      ))}
    >
      {children}
    </Remedies>
  );
}
