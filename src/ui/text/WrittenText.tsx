import { useMemo } from 'react';
import { useStore } from 'zustand';
import { compact } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { isUnderWay, pace } from '../state/text.ts';
import type { Writing } from '../state/text.ts';
import { ByteCells } from './ByteCells.tsx';
import { cellsOf, spokenCell } from './cells.ts';
import { BytesToggle } from './BytesToggle.tsx';
import { readWritten, stepsOf, wentOn, writtenText } from './written.ts';

/** Prompt and continuation, as far as it has come; each byte leads to what the model expected there. */
export function WrittenText({ writing }: { writing: Writing }) {
  const session = useSession();
  const { writer, losses } = session;
  const asBytes = useStore(writer.store, (state) => state.asBytes);
  const runId = useRun((state) => state.runId);
  const { passage, picked } = useStore(losses.text.store);
  const text = useMemo(() => writtenText(writing), [writing]);
  const cells = useMemo(() => cellsOf(text, asBytes), [text, asBytes]);
  const current = passage.source === 'written' && picked !== null ? passage.start + picked : null;
  const pick = (byte: number | null): void => {
    if (byte === null) {
      losses.text.pick(null);
      return;
    }
    readWritten(session, byte, byte);
    // On narrow screens the answer stands below the text.
    document.querySelector('.loss-panel .odds')?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div className="written">
      <div className="written-head">
        <p className="hint">{figuresOf(writing)}</p>
        <BytesToggle />
      </div>
      <ByteCells
        label="Prompt and what the model wrote"
        cells={cells}
        current={current}
        from={writing.prompt.length}
        nameOf={(cell) => spokenCell(cell, text)}
        onPick={pick}
      />
      <p className="hint">
        {writing.runId === runId
          ? 'Press a byte to see what the model, as it is now, expects in its place.'
          : 'An earlier run wrote this; pressing a byte asks the present one.'}
      </p>
      {wentOn(writing) && (
        <p className="hint">
          Training went on while this was written, each byte by the model of its time. While it is paused, a seed gives
          the same text again.
        </p>
      )}
      <p className="visually-hidden" role="status">
        {spokenStatus(writing)}
      </p>
    </div>
  );
}

function figuresOf(writing: Writing): string {
  const { bytes, length } = writing;
  const { firstSeconds, bytesPerSecond } = pace(writing);
  if (firstSeconds === null) return isUnderWay(writing) ? 'Waiting for the first bytes.' : `${endOf(writing)}.`;
  const parts = [
    `${bytes.length} of ${length} bytes`,
    ...(bytesPerSecond === null ? [] : [`${compact(bytesPerSecond)}B/s`]),
    `first after ${firstSeconds.toFixed(2)} s`,
    stepsOf(writing),
    ...(isUnderWay(writing) || writing.status === 'done' ? [] : [endOf(writing)]),
  ];
  return parts.join(' · ');
}

function endOf({ status }: Writing): string {
  return status === 'cut' ? 'the run ended' : status === 'done' ? 'done' : 'stopped';
}

function spokenStatus(writing: Writing): string {
  return isUnderWay(writing) ? 'Writing.' : `${writing.bytes.length} bytes written, ${endOf(writing)}.`;
}
