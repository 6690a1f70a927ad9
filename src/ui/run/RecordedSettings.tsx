import { useConfig, useSession } from '../session.ts';
import { PassingButton } from '../shell/PassingButton.tsx';
import { loadConfig } from '../state/config-store.ts';
import { isSameButForLength, recordedName } from '../state/recording.ts';
import type { RecordedRun } from '../state/recording.ts';

/** Puts the settings of the recorded run into the form, where that shows others; `inline` within a sentence. */
export function RecordedSettings({ recorded, inline = false }: { recorded: RecordedRun; inline?: boolean }) {
  const { link, config: form, texts } = useSession();
  const shown = useConfig((state) => state.config);
  if (isSameButForLength(shown, recorded.config)) return null;
  return (
    <PassingButton
      className={inline ? 'text-button' : 'button small'}
      onClick={() => {
        link.commit(() => loadConfig(form, recorded.preset, recorded.config));
        texts.openWanted();
      }}
    >
      Show {recordedName(recorded)}’s settings
    </PassingButton>
  );
}
