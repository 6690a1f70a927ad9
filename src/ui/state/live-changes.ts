import type { StoreApi } from 'zustand/vanilla';
import { changedSettings, hotSettings, takenUp, withHotSettings } from '../../config/hot-settings.ts';
import type { HotName } from '../../config/hot-settings.ts';
import type { ConfigStore } from './config-store.ts';
import { isActive } from './run-state.ts';
import type { RunState } from './run-state.ts';
import type { WorkerLink } from './worker-link.ts';

interface Parts {
  config: ConfigStore;
  run: StoreApi<RunState>;
  worker: Pick<WorkerLink, 'post'>;
}

/** Hands the run those settings of the form that it can take up as it goes on. */
export class LiveChanges {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
    parts.config.subscribe((form, before) => {
      if (form.edits !== before.edits) this.takeUpEdits();
    });
  }

  /** Those whose edit is finished, where a run is built; the rest waits for the next run. */
  takeUpEdits(): void {
    const { config, run } = this.parts;
    const { phase } = run.getState();
    const { edits } = config.getState();
    if (isActive(phase) && phase.name !== 'compiling') this.takeUp((name) => edits[name] === 'finished');
  }

  /** All that the form says, but for what is no number yet. */
  takeUpAll(): void {
    const { drafts } = this.parts.config.getState();
    this.takeUp((name) => !(name in drafts));
  }

  private takeUp(inQuestion: (name: HotName) => boolean): void {
    const { config, run, worker } = this.parts;
    const { config: running } = run.getState();
    if (running === null) return;
    const before = hotSettings(running);
    const settings = takenUp(before, hotSettings(config.getState().config), inQuestion);
    if (Object.keys(changedSettings(before, settings)).length === 0) return;
    run.setState({ config: withHotSettings(running, settings) });
    worker.post({ type: 'adjust', settings });
  }
}
