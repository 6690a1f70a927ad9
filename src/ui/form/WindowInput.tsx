import { useState } from 'react';
import type { InputProps } from './ControlInput.tsx';
import { NumberInput } from './ControlInput.tsx';
import { Segmented } from './Segmented.tsx';

const OFF = '0';
const FULL = 'f';
const USUAL = '16';

const CHOICES = [
  { value: 'off', label: 'Off' },
  { value: 'number', label: 'Number' },
  { value: 'full', label: 'Full' },
] as const;

/** No attention, a number of tokens, or all of them. */
export function WindowInput(props: InputProps) {
  const { id, labelId, text, invalid, describedBy, onText } = props;
  const kind = text === OFF ? 'off' : text === FULL ? 'full' : 'number';
  const [lastNumber, rememberNumber] = useState(kind === 'number' ? text : USUAL);
  const onNumber = (typed: string): void => {
    if (typed !== '') rememberNumber(typed);
    onText(typed);
  };
  return (
    <div className="window-input">
      <Segmented
        name={id}
        labelledBy={labelId}
        value={kind}
        options={CHOICES}
        describedBy={describedBy}
        onChange={(chosen) => onText({ off: OFF, number: lastNumber, full: FULL }[chosen])}
      />
      {kind === 'number' && <NumberInput {...props} invalid={invalid} onText={onNumber} label="Window in tokens" />}
    </div>
  );
}
