import { useEffect, useEffectEvent, useMemo } from 'react';
import { useStore } from 'zustand';
import { exact } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { isUnderWay, settingRanges } from '../state/text.ts';
import { NumberField } from './NumberField.tsx';
import { promptBytes } from './prompt-bytes.ts';
import { TrainedElsewhere } from './TrainedElsewhere.tsx';
import { WrittenBy } from './WrittenBy.tsx';
import { WrittenTexts } from './WrittenTexts.tsx';

/** A prompt, how to continue it, and the continuation. */
export function WritePanel() {
  const { writer } = useSession();
  const { prompt, settings, writings } = useStore(writer.store);
  const context = useRun((state) => state.config?.model.contextLength) ?? 0;
  const bytes = useMemo(() => promptBytes(prompt), [prompt]);
  const underWay = writings.some(isUnderWay);
  const write = (): void => writer.write(bytes);
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    if (document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    write();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKeyDown(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
  return (
    <section className="panel write-panel" aria-labelledby="write-title">
      <div className="panel-head">
        <h2 id="write-title">Write</h2>
        <TrainedElsewhere />
      </div>
      <label htmlFor="prompt">Prompt</label>
      <textarea
        id="prompt"
        rows={3}
        spellCheck={false}
        value={prompt}
        aria-describedby="prompt-hint"
        onChange={({ target }) => writer.setPrompt(target.value)}
      />
      <p id="prompt-hint" className="hint">
        {exact(bytes.length)} {bytes.length === 1 ? 'byte' : 'bytes'} of UTF-8; <code>\xE9</code> stands for that one
        byte.
        {bytes.length > context && ` The context takes the last ${exact(context)}.`}
      </p>
      <div className="write-settings">
        <NumberField
          id="temperature"
          label="Temperature"
          slider
          value={settings.temperature}
          range={settingRanges.temperature}
          onChange={(value) => writer.set('temperature', value)}
        />
        <NumberField
          id="top-k"
          label="Top k"
          value={settings.topK}
          range={settingRanges.topK}
          onChange={(value) => writer.set('topK', value)}
        />
        <NumberField
          id="writing-seed"
          label="Seed"
          value={settings.seed}
          range={settingRanges.seed}
          onChange={(value) => writer.set('seed', value)}
        />
        <NumberField
          id="writing-length"
          label="New bytes"
          value={settings.length}
          range={settingRanges.length}
          onChange={(value) => writer.set('length', value)}
        />
        <WrittenBy />
        <div className="write-actions">
          <button type="button" className="button primary" disabled={underWay} onClick={write}>
            Generate
          </button>
          <button
            type="button"
            className="button"
            disabled={!writings.some(({ status }) => status === 'writing')}
            onClick={() => writer.stop()}
          >
            Stop
          </button>
        </div>
      </div>
      {writings.length > 0 && <WrittenTexts writings={writings} />}
    </section>
  );
}
