import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { promptBytes } from './prompt-bytes.ts';

/** Where the visitor types the text to read. */
export function OwnPassage() {
  const { writer, losses } = useSession();
  const own = useStore(writer.store, (state) => state.own);
  const read = (): void => losses.text.read({ source: 'own', text: promptBytes(own), start: 0 });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    read();
  };
  return (
    <div className="own-passage">
      <label htmlFor="own-passage">Text to read</label>
      <textarea
        id="own-passage"
        rows={3}
        spellCheck={false}
        value={own}
        onChange={({ target }) => writer.setOwn(target.value)}
        onKeyDown={onKeyDown}
      />
      <button type="button" className="button small" disabled={own === ''} onClick={read}>
        Read this text
      </button>
    </div>
  );
}
