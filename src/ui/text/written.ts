import type { Session } from '../session.ts';
import type { Writing } from '../state/text.ts';
import { cutAround } from './cut.ts';

/** Prompt and new bytes together. */
export function writtenText({ prompt, bytes }: Pick<Writing, 'prompt' | 'bytes'>): Uint8Array {
  const text = new Uint8Array(prompt.length + bytes.length);
  text.set(prompt);
  text.set(bytes, prompt.length);
  return text;
}

/** Whether training went on while a text was written, so that its bytes are of several models. */
export function wentOn({ step, lastStep }: Pick<Writing, 'step' | 'lastStep'>): boolean {
  return step !== lastStep;
}

/** `step 1157`, or `steps 1157–1300`. */
export function stepsOf(writing: Pick<Writing, 'step' | 'lastStep'>): string {
  const { step, lastStep } = writing;
  return wentOn(writing) ? `steps ${step}–${lastStep}` : `step ${step}`;
}

/** Has the written text read around a byte, and chooses it. */
export function readWritten({ run, writer, losses }: Session, at: number, picked: number | null): void {
  const { writing } = writer.store.getState();
  const contextLength = run.getState().config?.model.contextLength;
  if (writing === null || contextLength === undefined) return;
  const passage = cutAround(writtenText(writing), at, contextLength);
  losses.text.read(passage, picked === null ? null : picked - passage.start);
}
