import { parseDecimal, parseInteger, spelled, withoutComma } from '../../config/number-text.ts';

/** What a number may be: whole where the step is 1. */
export interface NumberRange {
  min: number;
  max: number;
  step: number;
}

/** The number that a text stands for; null where it is none or out of range. */
export function typedNumber(text: string, { min, max, step }: NumberRange): number | null {
  const value = step === 1 ? parseInteger(text.trim()) : parseDecimal(text.trim());
  return value !== null && value >= min && value <= max ? value : null;
}

/** `a whole number from 1 to 1,000`. */
export function rangeText({ min, max, step }: NumberRange): string {
  return `a ${step === 1 ? 'whole number' : 'number'} from ${spelled(min)} to ${spelled(max)}`;
}

/** `; write 1.5` of a number with a comma; empty for all else. */
export function commaHint(text: string, { step }: NumberRange): string {
  const meant = withoutComma(text, step === 1);
  return meant === null ? '' : `; write ${meant}`;
}
