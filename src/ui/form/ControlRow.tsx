import { useState } from 'react';
import type { Problem } from '../../config/problems.ts';
import { HelpButton } from '../HelpButton.tsx';
import { Icon } from '../Icon.tsx';
import { useConfig, useSession } from '../session.ts';
import { toggleLink } from '../state/config-store.ts';
import type { Control } from '../state/controls.ts';
import { controlId } from './control-id.ts';
import { ControlInput } from './ControlInput.tsx';
import { Messages } from './Messages.tsx';
import { useZeroWaits, ZERO_WAITS } from './use-zero-waits.ts';
import { valueText } from './value-text.ts';

interface ControlRowProps {
  control: Control;
  problems: readonly Problem[];
}

/** One setting: label, input, unit, the way back to the preset, help, and what is wrong with it. */
export function ControlRow({ control, problems }: ControlRowProps) {
  const { config: store, edits } = useSession();
  const value = useConfig((state) => control.read(state.config));
  const draft = useConfig((state) => state.drafts[control.name]);
  const presetText = useConfig((state) => control.presetText(state.preset));
  const linked = useConfig((state) => control.shared !== null && state.linked.has(control.shared));
  const linkable = useConfig((state) => control.shared !== null && state.config.model.hierarchies.length > 1);
  const [helpShown, showHelp] = useState(false);
  const { name, label, unit } = control;
  const id = controlId(name);
  const own = problems.filter((problem) => problem.control === name);
  const shown: readonly Problem[] =
    draft === undefined
      ? own
      : [
          {
            control: name,
            severity: 'error',
            message: `${label} ${inForm(draft.error, control)}. Until then ${valueText(control, value)} counts.`,
          },
        ];
  const changed = draft !== undefined || value !== presetText;
  const labelId = `${id}-label`;
  const zeroWaits = useZeroWaits();
  const hot = control.applies === 'hot';
  const waits = zeroWaits && name === 'reconWeight';
  const isGroup = control.kind === 'window';
  return (
    <div className="row" data-changed={changed || undefined} data-wide={WIDE.has(control.kind) || undefined}>
      <label id={labelId} className="row-label" htmlFor={isGroup ? undefined : id}>
        {label}
        {linked && linkable && <Icon name="link" />}
      </label>
      <div className="row-input">
        <ControlInput
          control={control}
          id={id}
          labelId={labelId}
          text={draft?.text ?? value}
          invalid={shown.some(({ severity }) => severity === 'error')}
          describedBy={shown.length > 0 ? `${id}-messages` : undefined}
          onText={(text) => edits.type(control, text)}
          onFinish={() => edits.finish(control)}
        />
        {unit !== '' && <span className="row-unit">{unit}</span>}
        {hot && (
          <span className="tag" title={waits ? ZERO_WAITS : 'A change counts at once, also while training'}>
            {waits ? 'next run' : 'live'}
          </span>
        )}
      </div>
      <div className="row-tools">
        {changed && (
          <button
            type="button"
            className="tool"
            aria-label={`Back to ${presetText}`}
            aria-describedby={labelId}
            title={`Back to ${presetText}, as in the preset`}
            onClick={({ currentTarget }) => {
              // This button goes.
              const input = isGroup ? 'input:checked' : `#${id}`;
              currentTarget.closest('.row')?.querySelector<HTMLElement>(input)?.focus();
              edits.choose(control, presetText);
            }}
          >
            <Icon name="back" />
          </button>
        )}
        <HelpButton helpId={`${id}-help`} labelId={labelId} shown={helpShown} onToggle={() => showHelp(!helpShown)} />
      </div>
      <Messages id={`${id}-messages`} problems={shown} />
      <div id={`${id}-help`} className="row-help" hidden={!helpShown}>
        <p>
          {control.help}{' '}
          <span className="row-allowed">
            {waits ? ZERO_WAITS : hot ? 'A change counts at once.' : 'A change counts from the next run.'} Allowed:{' '}
            {control.allowed.replaceAll('`', '')}.
          </span>
        </p>
        {linkable && (
          <label className="check">
            <input type="checkbox" checked={linked} onChange={() => toggleLink(store, control)} />
            Same for all hierarchies
          </label>
        )}
      </div>
    </div>
  );
}

/** A link writes a full window as `f`; in the form it is a choice beside the number. */
function inForm(error: string, { kind }: Control): string {
  return kind === 'window' ? error.replace(/, or f(?=;|$)/, '') : error;
}

const WIDE = new Set<Control['kind']>(['window']);
