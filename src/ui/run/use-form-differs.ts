import { useMemo } from 'react';
import { encodeQuery } from '../../config/codec/encode.ts';
import { useConfig, useRun } from '../session.ts';

/** Whether the form has moved on from the run: what a run can take up while it goes on, it has taken up at once. */
export function useFormDiffers(): boolean {
  const running = useRun((state) => state.config);
  const form = useConfig((state) => state.config);
  return useMemo(() => running !== null && encodeQuery(running) !== encodeQuery(form), [running, form]);
}
