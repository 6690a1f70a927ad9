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
  const { id, labelId, text, describedBy, onText } = props;
  const kind = kindOf(text);
  const [lastNumber, rememberNumber] = useState(kind === 'number' ? text : USUAL);
  // `0` is off, and also how some begin to type: the field stays until they have left it.
  const [typing, setTyping] = useState(false);
  // Typed or not: undo, presets and links set one as well.
  if (isWindow(text) && text !== lastNumber) rememberNumber(text);
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
      {(kind === 'number' || typing) && (
        <span className="window-number" onFocus={() => setTyping(true)} onBlur={() => setTyping(false)}>
          <NumberInput {...props} label="Window in tokens" />
        </span>
      )}
    </div>
  );
}

function kindOf(text: string): (typeof CHOICES)[number]['value'] {
  return text === OFF ? 'off' : text === FULL ? 'full' : 'number';
}

/** Whether a text is a number of tokens, which neither what stands for off or full nor half of a number is. */
function isWindow(text: string): boolean {
  return Number.isInteger(Number(text)) && Number(text) > 0;
}
