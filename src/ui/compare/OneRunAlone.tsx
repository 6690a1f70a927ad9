import { Icon } from '../Icon.tsx';
import { useBlocker } from '../run/use-blocker.ts';
import { useFormDiffers } from '../run/use-form-differs.ts';
import { useHasGpu } from '../run/use-has-gpu.ts';
import { useRun, useSession } from '../session.ts';
import { PassingButton } from '../shell/PassingButton.tsx';
import { isActive } from '../state/run-state.ts';
import { useCanOpenKept } from './use-kept-run.ts';

/** That there is nothing to compare a run with, and the way to that: what the form holds, once that is another model. */
export function OneRunAlone() {
  const { controller } = useSession();
  const canOpen = useCanOpenKept();
  const hasGpu = useHasGpu();
  const blocker = useBlocker();
  const isOther = useFormDiffers();
  const canStart = useRun(({ phase, config }) => config !== null && !isActive(phase));
  const isOffered = hasGpu && canStart && isOther;
  return (
    <>
      One run alone: {isOther ? '' : 'change a setting and '}train another one{canOpen && ', or open one that is kept'}.{' '}
      {isOffered && (
        <PassingButton
          className="button small"
          disabled={blocker !== null}
          title={blocker?.reason}
          onClick={() => controller.startOver()}
        >
          <Icon name="play" />
          Train what the form holds
        </PassingButton>
      )}
    </>
  );
}
