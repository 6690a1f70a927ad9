import { useState } from 'react';

interface NumberFieldProps {
  id: string;
  label: string;
  value: number;
  range: { min: number; max: number; step: number };
  /** With a slider beside the number. */
  slider?: boolean;
  onChange(value: number): void;
}

/** A number, taken up as it is typed and put within its bounds when the field is left. */
export function NumberField({ id, label, value, range, slider, onChange }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const { min, max, step } = range;
  const type = (text: string): void => {
    setDraft(text);
    const typed = Number(text);
    if (text.trim() !== '' && typed >= min && typed <= max) onChange(typed);
  };
  const leave = (): void => {
    if (draft !== null && draft.trim() !== '') onChange(Number(draft));
    setDraft(null);
  };
  return (
    <div className="number-field">
      <label htmlFor={id}>{label}</label>
      {slider && (
        <input
          type="range"
          aria-label={`${label}, slider`}
          {...range}
          value={value}
          onChange={({ target }) => {
            setDraft(null);
            onChange(Number(target.value));
          }}
        />
      )}
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-describedby={`${id}-range`}
        value={draft ?? String(value)}
        onChange={({ target }) => type(target.value)}
        onBlur={leave}
      />
      <span id={`${id}-range`} className="visually-hidden">
        {step === 1 ? 'A whole number from' : 'From'} {min} to {max}
      </span>
    </div>
  );
}
