import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useConfig } from '../session.ts';
import type { Control } from '../state/controls.ts';
import { stepped } from './stepped.ts';
import { WindowInput } from './WindowInput.tsx';

export interface InputProps {
  control: Control;
  id: string;
  labelId: string;
  text: string;
  invalid: boolean;
  describedBy: string | undefined;
  onText(text: string): void;
  /** What was typed is all of it. */
  onFinish(): void;
}

/** The native element that fits a control's kind. */
export function ControlInput(props: InputProps) {
  const { control, id, text, invalid, describedBy, onText } = props;
  const aria = { 'aria-invalid': invalid || undefined, 'aria-describedby': describedBy };
  if (control.name === 'predictFactor') return <FactorSelect {...props} />;
  switch (control.kind) {
    case 'boolean':
      return (
        <input
          id={id}
          type="checkbox"
          className="switch"
          checked={text === '1'}
          onChange={(event) => onText(event.target.checked ? '1' : '0')}
          {...aria}
        />
      );
    case 'choice':
      return (
        <select id={id} value={text} onChange={(event) => onText(event.target.value)} {...aria}>
          {control.choices.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      );
    case 'window':
      return <WindowInput {...props} />;
    case 'integer':
    case 'number':
    case 'optional-integer':
      return <NumberInput {...props} />;
  }
}

/** Text that must be a number; up and down go to the next one worth trying. */
export function NumberInput(props: InputProps & { label?: string }) {
  const { control, id, text, invalid, describedBy, onText, onFinish, label } = props;
  // What is being typed stays as typed while it means the same: `0.` on the way to `0.01` must not turn into `0`.
  const [typed, keepTyped] = useState(text);
  const shown = typed !== '' && Number(typed) === Number(text) ? typed : text;
  const type = (next: string): void => {
    keepTyped(next);
    onText(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') onFinish();
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const next = stepped(text, event.key === 'ArrowUp' ? 1 : -1, control.kind === 'number', event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    type(next);
    onFinish();
  };
  const onBlur = (): void => {
    keepTyped(text);
    onFinish();
  };
  return (
    <input
      id={id}
      type="text"
      inputMode={control.kind === 'optional-integer' ? 'text' : 'decimal'}
      autoComplete="off"
      spellCheck={false}
      value={shown}
      onChange={(event) => type(event.target.value)}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
    />
  );
}

/** Only a factor that a hierarchy has can predict. */
function FactorSelect({ id, text, invalid, describedBy, onText }: InputProps) {
  const hierarchies = useConfig((state) => state.config.model.hierarchies);
  const factors = [...new Set(hierarchies.map(({ factor }) => String(factor)))];
  const known = text === 'auto' || factors.includes(text) ? factors : [...factors, text];
  return (
    <select
      id={id}
      value={text}
      onChange={(event) => onText(event.target.value)}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
    >
      <option value="auto">smallest</option>
      {known.map((factor) => (
        <option key={factor} value={factor}>
          {factor}
        </option>
      ))}
    </select>
  );
}
