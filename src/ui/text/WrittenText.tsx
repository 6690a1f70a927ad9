import { useMemo } from 'react';
import { useStore } from 'zustand';
import { compact, exact } from '../format/quantity.ts';
import { hueOf } from '../hue.ts';
import { useRun, useSession } from '../session.ts';
import { isUnderWay, pace } from '../state/text.ts';
import type { Writing } from '../state/text.ts';
import { ByteCells } from './ByteCells.tsx';
import { cellsOf, MOST_UNREAD, spokenCell } from './cells.ts';
import { BytesToggle } from './BytesToggle.tsx';
import { endOf, readWritten, stepsOf, writersOf, writtenText } from './written.ts';

/** Prompt and continuation, as far as it has come; each byte leads to what the model expected there. */
export function WrittenText({ writing, hasToggle }: { writing: Writing; hasToggle: boolean }) {
  const session = useSession();
  const { writer, losses } = session;
  const asBytes = useStore(writer.store, (state) => state.asBytes);
  const { passage, picked } = useStore(losses.text.store);
  const context = useRun((state) => state.config?.model.contextLength) ?? MOST_UNREAD;
  const unseen = Math.max(0, writing.prompt.length - context);
  const text = useMemo(() => writtenText(writing).subarray(unseen), [writing, unseen]);
  const cells = useMemo(() => cellsOf(text, asBytes), [text, asBytes]);
  const isRead = passage.source === 'written' && passage.requestId === writing.requestId;
  const pick = (byte: number | null): void => {
    if (byte === null) {
      losses.text.pick(null);
      return;
    }
    readWritten(session, writing, unseen + byte, unseen + byte);
    // On narrow screens the answer stands below the text.
    document.querySelector('.loss-panel .odds')?.scrollIntoView({ block: 'nearest' });
  };
  const { without, hadChoice } = writing;
  return (
    <>
      <div className="written-head">
        <p className="hint">
          {hadChoice && (
            <>
              <strong className="writers" style={without === null ? undefined : { color: hueOf(without) }}>
                {writersOf(writing)}
              </strong>
              {' · '}
            </>
          )}
          {figuresOf(writing)}
        </p>
        {hasToggle && <BytesToggle />}
      </div>
      {writing.failure !== null && (
        <p className="message" data-severity="error" role="alert">
          The text could not be written: {writing.failure}
        </p>
      )}
      {writing.status !== 'waiting' && (
        <>
          {unseen > 0 && <p className="hint">The first {exact(unseen)} bytes of the prompt are not shown.</p>}
          <ByteCells
            label={`Prompt and what the model wrote${without === null ? '' : ` ${writersOf(writing)}`}`}
            cells={cells}
            current={isRead && picked !== null ? passage.start + picked - unseen : null}
            from={writing.prompt.length - unseen}
            nameOf={(cell) => spokenCell(cell, text)}
            onPick={pick}
          />
        </>
      )}
    </>
  );
}

function figuresOf(writing: Writing): string {
  const { bytes, settings, status } = writing;
  const { firstSeconds, bytesPerSecond } = pace(writing);
  if (status === 'waiting') return 'Waits for the text above.';
  if (firstSeconds === null) return isUnderWay(writing) ? 'Waiting for the first bytes.' : `${endOf(writing)}.`;
  const parts = [
    `${bytes.length} of ${settings.length} bytes`,
    ...(bytesPerSecond === null ? [] : [`${compact(bytesPerSecond)}B/s`]),
    `first after ${firstSeconds.toFixed(2)} s`,
    stepsOf(writing),
    ...(isUnderWay(writing) || status === 'done' ? [] : [endOf(writing)]),
  ];
  return parts.join(' · ');
}
