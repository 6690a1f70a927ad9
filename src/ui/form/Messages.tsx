import type { Fix, Problem } from '../../config/problems.ts';
import { useSession } from '../session.ts';
import { editConfig } from '../state/config-store.ts';
import { controlId } from './control-id.ts';

/** What a rule says about a control, below it, with its ways out. */
export function Messages({ id, problems }: { id: string; problems: readonly Problem[] }) {
  const { config: store } = useSession();
  if (problems.length === 0) return null;
  const apply = (fix: Fix, control: string): void => {
    // The button goes with what it mends.
    document.getElementById(controlId(control))?.focus();
    editConfig(store, (config) => fix.apply(config));
  };
  return (
    <div id={id} className="messages">
      {problems.map(({ control, message, severity, fix, otherFix }) => (
        <p key={message} className="message" data-severity={severity}>
          {message}
          {[fix, otherFix].map(
            (way) =>
              way !== undefined && (
                <button key={way.label} type="button" className="fix" onClick={() => apply(way, control)}>
                  {way.label}
                </button>
              ),
          )}
        </p>
      ))}
    </div>
  );
}
