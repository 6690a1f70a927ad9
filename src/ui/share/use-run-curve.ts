import { useState } from 'react';
import { useStore } from 'zustand';
import { encodeCurve } from '../../config/codec/curve-text.ts';
import { useConfig, useCurves, useSession } from '../session.ts';
import { curveObstacle, curveOf } from '../state/run-curve.ts';

export interface ShareableCurve {
  /** Why there is no curve that could go with the link; null when there is one. */
  obstacle: string | null;
  wanted: boolean;
  /** The curve as the value of `r`, as it was when it was wanted; null until then. */
  text: string | null;
  want(wanted: boolean): void;
}

/** The curve of the present run for a link. It stays what it was when it was asked for, so that a link holds still. */
export function useRunCurve(): ShareableCurve {
  const { runs } = useSession();
  // The first step makes a curve.
  useCurves();
  const form = useConfig((state) => state.config);
  const run = useStore(runs, (state) => state.runs.find(({ id }) => id === state.presentId));
  const [wantedId, setWantedId] = useState<number | null>(null);
  const [encoded, setEncoded] = useState<{ id: number; text: string } | null>(null);
  const [failedId, setFailedId] = useState<number | null>(null);
  const obstacle =
    curveObstacle(run, form) ?? (run !== undefined && failedId === run.id ? 'this browser cannot pack it' : null);
  const wanted = obstacle === null && wantedId === run?.id;
  const want = (wish: boolean): void => {
    const curve = wish && run !== undefined ? curveOf(run.config, run.metrics) : null;
    setWantedId(curve === null ? null : run!.id);
    setEncoded(null);
    if (curve === null) return;
    const { id } = run!;
    encodeCurve(curve).then(
      (text) => setEncoded({ id, text }),
      () => setFailedId(id),
    );
  };
  const text = wanted && encoded?.id === run?.id ? (encoded?.text ?? null) : null;
  return { obstacle, wanted, text, want };
}
