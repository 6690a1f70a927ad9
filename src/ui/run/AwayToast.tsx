import { useStore } from 'zustand';
import { exact } from '../format/quantity.ts';
import { useSession } from '../session.ts';

/** Says to who comes back what has happened meanwhile. */
export function AwayToast() {
  const { away } = useSession();
  const steps = useStore(away, (state) => state.steps);
  return (
    <p className="toast" role="status" data-shown={steps !== null}>
      {steps !== null && `Ran ${exact(steps)} ${steps === 1 ? 'step' : 'steps'} while this page was hidden.`}
    </p>
  );
}
