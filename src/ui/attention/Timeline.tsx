import { useEffect, useEffectEvent, useState } from 'react';
import { useStore } from 'zustand';
import { Icon } from '../Icon.tsx';
import { useSession } from '../session.ts';
import { useMedia } from '../shell/use-media.ts';
import type { Capture } from '../state/inspection.ts';
import { setDetail } from '../state/view.ts';
import { captureName, pinCapture } from './pin.ts';
import { formatPosition } from './position.ts';
import type { Position } from './position.ts';

interface TimelineProps {
  captures: readonly Capture[];
  capture: Capture;
  position: Position;
}

/** How long each capture is shown in a play-back. */
const PLAY_INTERVAL = 700;

/** The steps at which the passage was captured; the last of them follows the run. */
export function Timeline({ captures, capture, position }: TimelineProps) {
  const session = useSession();
  const { inspector, view } = session;
  const runs = useStore(session.runs, (state) => state.runs);
  const pinned = useStore(inspector.store, (state) => state.pinned);
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const [playing, setPlaying] = useState(false);
  const last = captures.length - 1;
  const at = captures.indexOf(capture);
  const show = (index: number): void => {
    const step = index >= last ? null : captures[index].step;
    setDetail(view, 'attn', formatPosition({ ...position, step }));
  };
  const advance = useEffectEvent(() => {
    if (at + 1 >= last) setPlaying(false);
    if (at < last) show(at + 1);
  });
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => advance(), PLAY_INTERVAL);
    return () => clearInterval(timer);
  }, [playing]);
  const play = (): void => {
    if (!playing && at >= last) show(0);
    setPlaying(!playing);
  };
  return (
    <div className="timeline">
      {!still && (
        <button
          type="button"
          className="button small"
          disabled={last < 1}
          title="Play the captures from the first step on"
          onClick={play}
        >
          <Icon name={playing ? 'pause' : 'play'} />
          {playing ? 'Stop' : 'Play'}
        </button>
      )}
      <label htmlFor="capture">Captured at</label>
      <input
        id="capture"
        type="range"
        min={0}
        max={Math.max(1, last)}
        value={at}
        disabled={last < 1}
        aria-valuetext={`step ${capture.step}, capture ${at + 1} of ${captures.length}`}
        onChange={({ target }) => {
          setPlaying(false);
          show(Number(target.value));
        }}
      />
      <output htmlFor="capture">
        step {capture.step} <span className="unit">{at === last ? 'newest' : `${at + 1} of ${captures.length}`}</span>
      </output>
      {pinned === null ? (
        <button
          type="button"
          className="button small"
          aria-keyshortcuts="p"
          title="Keep this capture to compare others with it (P)"
          onClick={() => pinCapture(session, position, capture)}
        >
          Pin as A
        </button>
      ) : (
        <button
          type="button"
          className="button small"
          aria-keyshortcuts="p"
          title="Compare no longer (P)"
          onClick={() => pinCapture(session, position, null)}
        >
          Unpin A, {captureName(pinned, capture.runId, runs)}
        </button>
      )}
    </div>
  );
}
