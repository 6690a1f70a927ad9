import { useConfig, useRun, useSession } from '../session.ts';
import { goToControl } from '../shell/go-to-control.ts';
import { FIRST_WEIGHTS } from '../state/start-blocker.ts';

/** Has the next run begin with the weights of the one that stands still, on any text. Nothing where there are none, or that is chosen. */
export function BeginAnew() {
  const session = useSession();
  const { runFile, link } = session;
  const kept = useRun(({ kept: copy, phase }) => (STANDING.has(phase.name) ? copy : null));
  const isChosen = useConfig(({ weights }) => weights !== null && weights.file === kept?.file);
  if (kept === null || isChosen) return null;
  return (
    <button
      type="button"
      className="button small"
      title="A new run, at step 0, on whatever text is open"
      onClick={() => {
        link.commit(() => runFile.beginWithPresent());
        goToControl(session, FIRST_WEIGHTS);
      }}
    >
      Begin anew with these weights
    </button>
  );
}

const STANDING: ReadonlySet<string> = new Set(['paused', 'done', 'diverged']);
