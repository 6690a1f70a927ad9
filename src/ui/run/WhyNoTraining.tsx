import { useHasGpu } from './use-has-gpu.ts';
import { useRun } from '../session.ts';
import { NO_TRAINING_ID } from './AdapterNotices.tsx';

/** In the place of the call to train, as large as that: leads to what is in the way, which stands further down. */
export function WhyNoTraining() {
  const hasGpu = useHasGpu();
  const lost = useRun(({ adapter }) => adapter.state === 'no-device' && adapter.lost);
  if (hasGpu || lost) return null;
  return (
    <button type="button" className="button small" onClick={goToNotice}>
      Why nothing trains here
    </button>
  );
}

function goToNotice(): void {
  const notice = document.getElementById(NO_TRAINING_ID);
  for (const reasons of notice?.querySelectorAll('details') ?? []) reasons.open = true;
  notice?.scrollIntoView({ block: 'center' });
  notice?.focus();
}
