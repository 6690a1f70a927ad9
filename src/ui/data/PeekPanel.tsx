import { useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import type { CorpusInfo } from '../../protocol/events.ts';
import { Segmented } from '../form/Segmented.tsx';
import { exact } from '../format/quantity.ts';
import { useSession } from '../session.ts';
import { useMedia } from '../shell/use-media.ts';
import { PEEK_ROW } from '../state/text-peek.ts';
import { partsWithin, placeText } from './parts-within.ts';
import { PeekBytes } from './PeekBytes.tsx';
import { PeekText } from './PeekText.tsx';
import { splitParts } from './split-parts.ts';

type View = 'text' | 'bytes';

/** Rows of 16 bytes that are shown as numbers; as text, all that has come. */
const ROWS = 16;

/** The loaded text itself, a little at a time, at any place of it. */
export function PeekPanel({ corpus }: { corpus: CorpusInfo }) {
  const { peek } = useSession();
  const { offset, slice } = useStore(peek.store);
  const [view, setView] = useState<View>('text');
  const narrow = useMedia('(max-width: 599px)');
  const titleId = useId();
  useEffect(() => peek.look(), [peek]);
  const bytes = view === 'bytes' ? slice?.bytes.subarray(0, ROWS * PEEK_ROW) : slice?.bytes;
  const parts = splitParts(corpus);
  const within = slice && bytes ? partsWithin(parts, slice.offset, slice.offset + bytes.length) : [];
  const length = bytes?.length ?? 0;
  const last = Math.floor((corpus.bytes - 1) / PEEK_ROW) * PEEK_ROW;
  return (
    <section className="peek" aria-labelledby={titleId}>
      <div className="peek-head">
        <h3 id={titleId}>Look into it</h3>
        <Segmented<View>
          name="peek-view"
          labelledBy={titleId}
          value={view}
          options={[
            { value: 'text', label: 'Text' },
            { value: 'bytes', label: 'Bytes' },
          ]}
          onChange={setView}
        />
      </div>
      <input
        type="range"
        className="peek-place"
        aria-label="Place in the text"
        aria-valuetext={`byte ${exact(offset)}, ${partsWithin(parts, offset, offset + 1)[0]?.name}`}
        min={0}
        max={last}
        step={PEEK_ROW}
        value={offset}
        onChange={({ target }) => peek.seek(target.valueAsNumber)}
      />
      <div className="peek-tools" role="group" aria-label="Go to a place in the text">
        <button
          type="button"
          className="button small"
          disabled={offset === 0}
          onClick={() => peek.seek(offset - length)}
        >
          Previous
        </button>
        <button
          type="button"
          className="button small"
          disabled={offset + length >= corpus.bytes}
          onClick={() => peek.seek(offset + length)}
        >
          Next
        </button>
        {parts.map(({ name, start, end }) => (
          <button
            key={name}
            type="button"
            className="button small quiet"
            disabled={start === end}
            onClick={() => peek.seek(start)}
          >
            <span className={`split-mark split-${name}`} aria-hidden="true" />
            {name}
          </button>
        ))}
        <PlaceInput offset={offset} last={corpus.bytes - 1} />
      </div>
      <p className="hint">{placeText(within)}</p>
      {slice && bytes && view === 'text' && <PeekText bytes={bytes} offset={slice.offset} parts={within} />}
      {slice && bytes && view === 'bytes' && (
        <PeekBytes bytes={bytes} offset={slice.offset} parts={parts} columns={narrow ? PEEK_ROW / 2 : PEEK_ROW} />
      )}
    </section>
  );
}

/** The place as a number, taken with Enter or when one goes elsewhere; what is no number changes nothing. */
function PlaceInput({ offset, last }: { offset: number; last: number }) {
  const { peek } = useSession();
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const take = (): void => {
    const digits = draft?.replace(/[\s,.]/g, '') ?? '';
    if (/^\d+$/.test(digits)) peek.seek(Number(digits));
    setDraft(null);
  };
  return (
    <div className="peek-byte">
      <label htmlFor={id}>byte</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        size={11}
        value={draft ?? exact(offset)}
        title={`0 to ${exact(last)}`}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={take}
        onKeyDown={({ key }) => {
          if (key === 'Enter') take();
          if (key === 'Escape') setDraft(null);
        }}
      />
    </div>
  );
}
