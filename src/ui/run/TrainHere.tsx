import { presets } from '../../config/presets.ts';
import { useConfig, useSession } from '../session.ts';
import { PassingButton } from '../shell/PassingButton.tsx';
import { useBlocker } from './use-blocker.ts';
import { useHasGpu } from './use-has-gpu.ts';
import { usePresetEdited } from './use-preset-edited.ts';

/**
 * Beside what was recorded elsewhere, and not where nothing can be trained: says what the form holds, which may be another
 * model. `detail` follows the words on the button.
 */
export function TrainHere({ primary = false, detail = '' }: { primary?: boolean; detail?: string }) {
  const { controller } = useSession();
  const blocker = useBlocker();
  const hasGpu = useHasGpu();
  const preset = useConfig((state) => state.preset);
  const edited = usePresetEdited();
  if (!hasGpu) return null;
  const what = edited ? 'with your settings' : quoted(presets.find(({ id }) => id === preset)?.label ?? preset);
  return (
    <PassingButton
      className={`button small ${primary ? 'primary' : ''}`}
      disabled={blocker !== null}
      title={blocker?.reason}
      onClick={() => controller.train()}
    >
      Train {what} here{detail}
    </PassingButton>
  );
}

/** A name of several words in quotes: “Train Training script here” is no sentence. */
function quoted(name: string): string {
  return name.includes(' ') ? `“${name}”` : name;
}
