import type { StoreApi } from 'zustand/vanilla';
import { changedSettings, hotSettings, takenUp, withHotSettings } from '../../config/hot-settings.ts';
import type { Fix } from '../../config/problems.ts';
import type { HotSettings, RunConfig } from '../../config/types.ts';
import type { WorkerEvent } from '../../protocol/events.ts';
import { editConfig } from './config-store.ts';
import type { ConfigState, ConfigStore } from './config-store.ts';
import { isActive } from './run-state.ts';
import type { RunState } from './run-state.ts';
import type { WorkerLink } from './worker-link.ts';

interface Parts {
  config: ConfigStore;
  run: StoreApi<RunState>;
  worker: Pick<WorkerLink, 'post'>;
}

type Edit = ConfigState['edits'][string];

/** A run once it has taken up, of what was edited in the form, all that it can: to the end, unless it is said what counts. */
export function withEdits(
  running: RunConfig,
  { config, edits }: Pick<ConfigState, 'config' | 'edits'>,
  counts: (edit: Edit | undefined) => boolean = (edit) => edit === 'finished',
): RunConfig {
  return withHotSettings(
    running,
    takenUp(hotSettings(running), hotSettings(config), (name) => counts(edits[name])),
  );
}

/** Settings of the form that follow a run wherever they were the same as its. */
function followed(form: HotSettings, before: RunConfig, after: RunConfig): HotSettings {
  const [had, has] = [hotSettings(before), hotSettings(after)];
  return takenUp(form, has, (name) => form[name] === had[name]);
}

/** Hands the run those settings of the form that it can take up as it goes on, and knows which step had which. */
export class LiveChanges {
  private readonly parts: Parts;
  /** What the run has had after which steps, the newest last; never empty. */
  private history: { after: number; settings: HotSettings }[];

  constructor(parts: Parts) {
    this.parts = parts;
    this.history = [{ after: 0, settings: hotSettings(parts.config.getState().config) }];
    parts.config.subscribe((form, before) => {
      if (form.edits !== before.edits) this.takeUpEdits();
    });
  }

  /** A run begins with the settings of this configuration, or goes on with them after that step. */
  begin(after: number, config: RunConfig): void {
    this.history = [{ after, settings: hotSettings(config) }];
  }

  /** Hears of what becomes of the present run. */
  follow(event: WorkerEvent): void {
    const { settings } = this.history.at(-1)!;
    if (event.type === 'adjusted') {
      this.history.push({ after: event.step, settings: { ...settings, ...event.changed } });
    } else if (event.type === 'rewound') {
      // What it was given since holds from there on, as if it had always been so.
      const after = event.step - 1;
      this.history = [...this.history.filter((known) => known.after < after), { after, settings }];
    }
  }

  /** What a step was trained with: those that are under way when settings change still have the earlier ones. */
  settingsAt(step: number): HotSettings {
    return (this.history.findLast(({ after }) => after < step) ?? this.history[0]).settings;
  }

  /** What the run was trained with up to a step, if it has had others since; null if it has not. */
  settingsBefore(step: number): HotSettings | null {
    const former = this.settingsAt(step);
    const later = this.history.filter(({ after }) => after >= step);
    const isOther = ({ settings }: { settings: HotSettings }): boolean =>
      Object.keys(changedSettings(former, settings)).length > 0;
    return later.some(isOther) ? former : null;
  }

  /** Those whose edit is finished, where a run is built; the rest waits for the next run. */
  takeUpEdits(): void {
    const { config, run } = this.parts;
    const { phase, config: running } = run.getState();
    if (running !== null && isActive(phase) && phase.name !== 'compiling')
      this.adjust(running, withEdits(running, config.getState()));
  }

  /** Those, and a remedy besides. The form has it as well wherever it said what the run has. */
  takeUpRemedy({ apply }: Pick<Fix, 'apply'>): void {
    const { config, run } = this.parts;
    const { config: running } = run.getState();
    if (running === null) return;
    const edited = withEdits(running, config.getState());
    const mended = apply(edited);
    editConfig(config, (form) => withHotSettings(form, followed(hotSettings(form), edited, mended)));
    this.adjust(running, mended);
  }

  private adjust(running: RunConfig, wanted: RunConfig): void {
    const { run, worker } = this.parts;
    const settings = hotSettings(wanted);
    if (Object.keys(changedSettings(hotSettings(running), settings)).length === 0) return;
    run.setState({ config: withHotSettings(running, settings) });
    worker.post({ type: 'adjust', settings });
  }
}
