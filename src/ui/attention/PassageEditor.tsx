import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { encodeText } from '../../text/encode.ts';
import { useConfig, useRun, useSession } from '../session.ts';
import { canAnswer } from '../state/inspection.ts';
import { offerOf } from '../state/passages.ts';

/** To type into what has just been opened. */
const focus = (field: HTMLElement | null): void => field?.focus();

/** Which text the model is looked at with, and how often. */
export function PassageEditor() {
  const { inspector } = useSession();
  const { passage, asking, auto } = useStore(inspector.store);
  const phase = useRun((state) => state.phase);
  const planned = useConfig((state) => state.config.model.contextLength);
  const context = useRun((state) => state.config?.model.contextLength) ?? planned;
  const offer = offerOf(useRun((state) => state.runCorpus));
  const [draft, setDraft] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setDraft(null);
    opener.current?.focus();
  };
  const apply = (): void => {
    if (draft === null || draft === '') return;
    inspector.setPassage(draft);
    close();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) apply();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const length = encodeText(draft ?? '').length;
  return (
    <>
      <div className="attention-actions">
        <button
          ref={opener}
          type="button"
          className="button small"
          aria-expanded={draft !== null}
          onClick={() => setDraft(draft === null ? passage : null)}
        >
          Edit passage
        </button>
        <button
          type="button"
          className="button small"
          disabled={asking || !canAnswer(phase)}
          onClick={() => inspector.ask()}
        >
          {asking ? 'Reading…' : 'Refresh'}
        </button>
        <label className="check">
          <input type="checkbox" checked={auto} onChange={({ target }) => inspector.setAuto(target.checked)} />
          Refresh while training
        </label>
      </div>
      {draft !== null && (
        <div className="passage-editor">
          <label htmlFor="passage">Text for the model to read</label>
          <textarea
            id="passage"
            ref={focus}
            rows={4}
            spellCheck={false}
            value={draft}
            aria-describedby="passage-length"
            onChange={({ target }) => setDraft(target.value)}
            onKeyDown={onKeyDown}
          />
          <div className="passage-actions">
            <button type="button" className="button small" disabled={draft === ''} onClick={apply}>
              Look at this text
            </button>
            <button type="button" className="button quiet small" onClick={() => setDraft(offer.passage)}>
              {offer.name}
            </button>
            <button type="button" className="button quiet small" onClick={close}>
              Cancel
            </button>
            <span id="passage-length" className="hint">
              {length} bytes
              {length > context && `; the context takes the first ${context}`}
            </span>
          </div>
        </div>
      )}
    </>
  );
}
