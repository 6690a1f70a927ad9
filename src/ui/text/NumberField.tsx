import { useState } from 'react';
import { spelled } from '../../config/number-text.ts';
import { commaHint, rangeText, typedNumber, type NumberRange } from './typed-number.ts';

interface NumberFieldProps {
  id: string;
  label: string;
  value: number;
  range: NumberRange;
  /** With a slider beside the number. */
  slider?: boolean;
  onChange(value: number): void;
}

/**
 * A number, taken up as it is typed. What is no number in range is not taken up, and said until the next one is typed; the
 * field has the number that counts again when it is left.
 */
export function NumberField({ id, label, value, range, slider, onChange }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [refused, refuse] = useState<string | null>(null);
  const type = (text: string): void => {
    const typed = typedNumber(text, range);
    setDraft(text);
    refuse(typed === null && text.trim() !== '' ? text.trim() : null);
    if (typed !== null) onChange(typed);
  };
  const slide = (text: string): void => {
    setDraft(null);
    refuse(null);
    onChange(Number(text));
  };
  return (
    <>
      <div className="number-field">
        <label htmlFor={id}>{label}</label>
        {slider && (
          <input
            type="range"
            aria-label={`${label}, slider`}
            {...range}
            value={value}
            onChange={({ target }) => slide(target.value)}
          />
        )}
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={(draft !== null && refused !== null) || undefined}
          aria-describedby={refused === null ? `${id}-range` : `${id}-refused`}
          value={draft ?? String(value)}
          onChange={({ target }) => type(target.value)}
          onBlur={() => setDraft(null)}
        />
        <span id={`${id}-range`} className="visually-hidden">
          {rangeText(range)}
        </span>
      </div>
      {refused !== null && (
        <p id={`${id}-refused`} className="message refused-number" data-severity="error">
          {label} is still {spelled(value)}: “{refused}” is not {rangeText(range)}
          {commaHint(refused, range)}.
        </p>
      )}
    </>
  );
}
