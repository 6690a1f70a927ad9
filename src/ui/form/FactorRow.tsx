import { useState } from 'react';
import type { Problem } from '../../config/problems.ts';
import { HelpButton } from '../HelpButton.tsx';
import { hueOf } from '../hue.ts';
import { useSession } from '../session.ts';
import { writeControl } from '../state/config-store.ts';
import type { Control } from '../state/controls.ts';
import { controlId } from './control-id.ts';
import { Messages } from './Messages.tsx';
import { Segmented } from './Segmented.tsx';

interface FactorRowProps {
  control: Control;
  factor: number;
  problems: readonly Problem[];
  hidden: boolean;
}

const USUAL_FACTORS = [1, 2, 4, 8, 16];

/** How many bytes a token of a hierarchy stands for: the usual ones side by side, in their colours. */
export function FactorRow({ control, factor, problems, hidden }: FactorRowProps) {
  const { config: store } = useSession();
  const [helpShown, showHelp] = useState(false);
  const id = controlId(control.name);
  const factors = USUAL_FACTORS.includes(factor) ? USUAL_FACTORS : [...USUAL_FACTORS, factor];
  return (
    <div className="row" data-wide hidden={hidden}>
      <span id={`${id}-label`} className="row-label">
        {control.label}
      </span>
      <div className="row-input">
        <Segmented
          id={id}
          name={id}
          labelledBy={`${id}-label`}
          value={String(factor)}
          options={factors.map((value) => ({ value: String(value), label: `${value}×`, color: hueOf(value) }))}
          describedBy={problems.length > 0 ? `${id}-messages` : undefined}
          onChange={(text) => writeControl(store, control, text)}
        />
      </div>
      <div className="row-tools">
        <HelpButton
          helpId={`${id}-help`}
          labelId={`${id}-label`}
          shown={helpShown}
          onToggle={() => showHelp(!helpShown)}
        />
      </div>
      <Messages id={`${id}-messages`} problems={problems} />
      <p id={`${id}-help`} className="row-help" hidden={!helpShown}>
        {control.help}{' '}
        <span className="row-allowed">
          A change counts from the next run. Allowed: {control.allowed.replaceAll('`', '')}.
        </span>
      </p>
    </div>
  );
}
