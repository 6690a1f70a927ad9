import { useMemo, useState } from 'react';
import { predictingIndex } from '../../config/predicting-hierarchy.ts';
import type { Problem } from '../../config/problems.ts';
import type { HierarchyConfig } from '../../config/types.ts';
import { hueOf } from '../hue.ts';
import { Icon } from '../Icon.tsx';
import { useConfig, useSession } from '../session.ts';
import { editConfig } from '../state/config-store.ts';
import { factorControl, hierarchyControls, withoutHierarchy } from '../state/controls.ts';
import { FactorRow } from './FactorRow.tsx';
import { isFound } from './find.ts';
import { ControlRow } from './ControlRow.tsx';

interface HierarchyCardProps {
  index: number;
  hierarchy: HierarchyConfig;
  problems: readonly Problem[];
  startsOpen: boolean;
  /** Only settings that it finds are shown; empty for all. */
  search: string;
}

/** One token stream: a line that says it all, and its settings below. */
export function HierarchyCard({ index, hierarchy, problems, startsOpen, search }: HierarchyCardProps) {
  const { config: store } = useSession();
  const predicts = useConfig((state) => predictingIndex(state.config.model) === index);
  const count = useConfig((state) => state.config.model.hierarchies.length);
  const { factor } = hierarchy;
  const controls = useMemo(() => hierarchyControls(index, factor), [index, factor]);
  const factorRow = factorControl(index, factor);
  const own = problems.filter(({ control }) => control.startsWith(`hierarchies[${index}].`));
  const ofFactor = own.filter(({ control }) => control === factorRow.name);
  const hasErrors = own.some(({ severity }) => severity === 'error');
  const [open, setOpen] = useState(startsOpen);
  const found = controls.filter((control) => isFound(control, search));
  const findsFactor = isFound(factorRow, search);
  if (found.length === 0 && !findsFactor) return null;
  return (
    <details
      className="card"
      style={{ '--hue': hueOf(factor) }}
      open={open || hasErrors || search !== ''}
      onToggle={(event) => search === '' && setOpen(event.currentTarget.open)}
    >
      <summary>
        <span className="card-factor">{factor}×</span>
        <span className="card-summary">{summaryOf(hierarchy)}</span>
        {predicts && <span className="tag">predicts</span>}
      </summary>
      <div className="card-body" role="group" aria-label={`${factor}× hierarchy`}>
        <FactorRow control={factorRow} factor={factor} problems={ofFactor} hidden={!findsFactor} />
        {found.map((control) => (
          <ControlRow key={control.name} control={control} problems={own} />
        ))}
        {search === '' && (
          <button
            type="button"
            className="button quiet small card-remove"
            disabled={count === 1}
            title={count === 1 ? 'A model has one hierarchy at least' : 'Take this hierarchy out of the model'}
            onClick={({ currentTarget }) => {
              const card = currentTarget.closest('.card')!;
              const beside = (card.nextElementSibling ?? card.previousElementSibling)?.querySelector('summary');
              beside?.focus();
              editConfig(store, (config) => withoutHierarchy(config, index));
            }}
          >
            <Icon name="remove" />
            Remove {factor}×
          </button>
        )}
      </div>
    </details>
  );
}

/** `d 64 · 2×32 heads, w 16`: what tells one stream from another. */
function summaryOf({ stride, dim, heads, dimHead, window }: HierarchyConfig): string {
  const attention =
    window === 0 ? 'no attention' : `${heads}×${dimHead} heads, ${window === null ? 'full' : `w ${window}`}`;
  return [`d ${dim}`, attention, ...(stride > 1 ? [`stride ${stride}`] : [])].join(' · ');
}
