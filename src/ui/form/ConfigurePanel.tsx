import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { MAX_HIERARCHIES } from '../../config/fields.ts';
import type { Problem } from '../../config/problems.ts';
import { Icon } from '../Icon.tsx';
import { useFormDiffers } from '../run/use-form-differs.ts';
import { useConfig, useRun, useSession } from '../session.ts';
import { CONFIGURE_ID, FIND_ID, NARROW } from '../shell/configure-panel.ts';
import { useMedia } from '../shell/use-media.ts';
import { editConfig } from '../state/config-store.ts';
import { factorControl, hierarchyControls, runControl, withAddedHierarchy } from '../state/controls.ts';
import type { Control } from '../state/controls.ts';
import { configProblems } from '../state/start-blocker.ts';
import { ArchitectureStrip } from './ArchitectureStrip.tsx';
import { ControlRow } from './ControlRow.tsx';
import { isFound } from './find.ts';
import { Estimate } from './Estimate.tsx';
import { FirstWeights } from './FirstWeights.tsx';
import { groups } from './groups.ts';
import { HierarchyCard } from './HierarchyCard.tsx';
import { Messages } from './Messages.tsx';
import { useZeroWaits, ZERO_WAITS } from './use-zero-waits.ts';

/** Cards that are open from the start; with more the column gets too long to read. */
const MOST_OPEN = 2;

const controlGroups = groups.map(({ title, fields, more }) => ({
  title,
  fields: fields.map(runControl),
  more: more.map(runControl),
}));

/** Every setting of a run, what it costs, and what is wrong with it. */
export function ConfigurePanel() {
  const config = useConfig((state) => state.config);
  const adapter = useRun((state) => state.adapter);
  const problems = useMemo(() => configProblems({ config }, adapter), [config, adapter]);
  const { shell } = useSession();
  const shown = useStore(shell, (state) => state.configure);
  const typed = useStore(shell, (state) => state.search);
  const drawer = useMedia(NARROW);
  const search = typed.trim();
  return (
    <aside
      className="configure"
      id={CONFIGURE_ID}
      aria-label="Configure"
      hidden={!drawer && !shown}
      popover={drawer ? 'auto' : undefined}
    >
      <div className="configure-head">
        <input
          id={FIND_ID}
          type="search"
          placeholder="Find a setting"
          aria-label="Find a setting"
          aria-keyshortcuts="/"
          title="Find a setting (/)"
          value={typed}
          onChange={({ target }) => shell.setState({ search: target.value })}
          onKeyDown={({ key, currentTarget }) => {
            if (key === 'Enter' && search !== '') goToFirst(currentTarget);
          }}
        />
        {drawer && (
          <button
            type="button"
            className="button quiet icon-only"
            aria-label="Close"
            popoverTarget={CONFIGURE_ID}
            popoverTargetAction="hide"
          >
            <Icon name="remove" />
          </button>
        )}
      </div>
      <div className="configure-scroll">
        {search === '' && <ArchitectureStrip config={config} />}
        <FirstWeights />
        <RunNote />
        {findsHierarchies(search) && <Hierarchies problems={problems} search={search} />}
        {controlGroups.map((group) => (
          <ControlGroup key={group.title} {...group} problems={problems} search={search} />
        ))}
        {!findsAnything(search) && <p className="empty">No setting is called that.</p>}
      </div>
      <Estimate config={config} />
    </aside>
  );
}

/** Puts the focus on the first setting that was found. */
function goToFirst(field: HTMLElement): void {
  const inputs = field.closest('.configure')?.querySelectorAll<HTMLElement>('.row-input :is(input, select)') ?? [];
  // Of exclusive choices the one that is chosen.
  const first = [...inputs].find((input) => input.checkVisibility() && !input.matches('[type="radio"]:not(:checked)'));
  first?.scrollIntoView({ block: 'center' });
  first?.focus();
}

/** Settings that every hierarchy has; which one does not matter for finding them. */
const perHierarchy = [factorControl(0, 1), ...hierarchyControls(0, 1)];

const findsHierarchies = (search: string): boolean => perHierarchy.some((control) => isFound(control, search));

function findsAnything(search: string): boolean {
  const rows = controlGroups.flatMap(({ fields, more }) => [...fields, ...more]);
  return findsHierarchies(search) || rows.some((control) => isFound(control, search));
}

interface FoundProps {
  problems: readonly Problem[];
  /** Only settings that it finds are shown; empty for all. */
  search: string;
}

type ControlGroupProps = FoundProps & (typeof controlGroups)[number];

function ControlGroup({ title, fields, more, problems, search }: ControlGroupProps) {
  const row = (control: Control) => <ControlRow key={control.name} control={control} problems={problems} />;
  const found = [...fields, ...more].filter((control) => isFound(control, search));
  if (found.length === 0) return null;
  return (
    <section className="group" aria-label={title}>
      <h2>{title}</h2>
      {search === '' ? (
        <>
          {fields.map(row)}
          <details className="more">
            <summary>More</summary>
            {more.map(row)}
          </details>
        </>
      ) : (
        found.map(row)
      )}
    </section>
  );
}

function Hierarchies({ problems, search }: FoundProps) {
  const { config: store } = useSession();
  const hierarchies = useConfig((state) => state.config.model.hierarchies);
  const cardIds = useConfig((state) => state.cardIds);
  const [added, setAdded] = useState<number | null>(null);
  const add = (): void => {
    editConfig(store, withAddedHierarchy);
    setAdded(store.getState().cardIds.find((id) => !cardIds.includes(id)) ?? null);
  };
  return (
    <section className="group" aria-label="Hierarchies">
      <div className="group-head">
        <h2>Hierarchies</h2>
        <button
          type="button"
          className="button quiet small"
          disabled={hierarchies.length >= MAX_HIERARCHIES}
          title={hierarchies.length >= MAX_HIERARCHIES ? `At most ${MAX_HIERARCHIES} hierarchies` : undefined}
          onClick={add}
        >
          <Icon name="add" />
          Add
        </button>
      </div>
      <Messages id="control-hierarchies" problems={problems.filter(({ control }) => control === 'hierarchies')} />
      {hierarchies.map((hierarchy, index) => (
        <HierarchyCard
          key={cardIds[index]}
          index={index}
          hierarchy={hierarchy}
          problems={problems}
          startsOpen={hierarchies.length <= MOST_OPEN || cardIds[index] === added}
          search={search}
        />
      ))}
    </section>
  );
}

/** Says that the form has moved on from the run that is on the screen. */
function RunNote() {
  const differs = useFormDiffers();
  const zeroWaits = useZeroWaits();
  if (!differs) return null;
  return (
    <p className="message run-note">
      These settings differ from the run on the screen; they count from the next one. Learning rate and loss weights
      count at once where they are edited.{zeroWaits && ` ${ZERO_WAITS}`}
    </p>
  );
}
