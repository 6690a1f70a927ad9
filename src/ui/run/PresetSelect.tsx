import { useRef } from 'react';
import { presetId, presets } from '../../config/presets.ts';
import type { PresetId } from '../../config/presets.ts';
import { Icon } from '../Icon.tsx';
import { useConfig, useSession } from '../session.ts';
import { useMedia } from '../shell/use-media.ts';
import { choosePreset } from '../state/config-store.ts';
import { usePresetEdited } from './use-preset-edited.ts';

/** Larger ones would take a phone hours; links may still ask for them. */
const FOR_PHONES: ReadonlySet<PresetId> = new Set(['quick', 'micro']);

/** Chooses where the configuration starts from, and shows whether it has been changed since. */
export function PresetSelect() {
  const session = useSession();
  const preset = useConfig((state) => state.preset);
  const edited = usePresetEdited();
  const phone = useMedia('(max-width: 759px) and (pointer: coarse)');
  const select = useRef<HTMLSelectElement>(null);
  const choose = (text: string): void => {
    const id = presetId(text);
    if (id !== undefined) session.link.commit(() => choosePreset(session.config, id));
  };
  return (
    <div className="preset">
      <label className="visually-hidden" htmlFor="preset">
        Preset
      </label>
      <select
        ref={select}
        id="preset"
        value={preset}
        title={presets.find(({ id }) => id === preset)?.summary}
        onChange={(event) => choose(event.target.value)}
      >
        {presets
          .filter(({ id }) => !phone || id === preset || FOR_PHONES.has(id))
          .map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
      </select>
      {edited && (
        <button
          type="button"
          className="button quiet small"
          title="Put every setting back to the preset"
          onClick={() => {
            select.current?.focus();
            choose(preset);
          }}
        >
          <Icon name="back" />
          edited
        </button>
      )}
    </div>
  );
}
