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

/** Whether training went on while texts were written, so that their bytes are of several models. */
export function wentOn(writings: readonly Pick<Writing, 'step' | 'lastStep'>[]): boolean {
  const steps = writings.flatMap(({ step, lastStep }) => (step === null ? [] : [step, lastStep]));
  return steps.some((step) => step !== steps[0]);
}

/** `step 1157`, or `steps 1157–1300`. */
export function stepsOf(writing: Pick<Writing, 'step' | 'lastStep'>): string {
  const { step, lastStep } = writing;
  return wentOn([writing]) ? `steps ${step}–${lastStep}` : `step ${step}`;
}

/** Whose text it is: `by all`, or `without 4×`. */
export function writersOf({ without }: Pick<Writing, 'without'>): string {
  return without === null ? 'by all' : `without ${without}×`;
}

/** How a text came to its end. */
export function endOf({ status }: Pick<Writing, 'status'>): string {
  if (status === 'cut') return 'the run ended';
  if (status === 'failed') return 'no memory';
  return status === 'done' ? 'done' : 'stopped';
}

/** Has a written text read around a byte, and chooses it. */
export function readWritten({ run, losses }: Session, writing: Writing, at: number, picked: number | null): void {
  const contextLength = run.getState().config?.model.contextLength;
  if (contextLength === undefined) return;
  const passage = { ...cutAround(writtenText(writing), at, contextLength), requestId: writing.requestId };
  losses.text.read(passage, picked === null ? null : picked - passage.start);
}
