import { encodeQuery } from '../../config/codec/encode.ts';
import { presetConfig } from '../../config/presets.ts';
import { useConfig } from '../session.ts';

/** Whether the form differs from its preset; another text is no change of the model. */
export function usePresetEdited(): boolean {
  return useConfig(({ config, preset }) => {
    const pristine = { ...presetConfig(preset), dataset: config.dataset };
    return encodeQuery(config, preset) !== encodeQuery(pristine, preset);
  });
}
