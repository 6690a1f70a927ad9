import type { StoreApi } from 'zustand/vanilla';
import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { summariseRun } from '../../protocol/run-file.ts';
import type { RunController } from './run-controller.ts';
import { RunMetrics } from './run-metrics.ts';
import type { RunState } from './run-state.ts';

interface Parts {
  run: StoreApi<RunState>;
  controller: Pick<RunController, 'adopt' | 'ownText'>;
}

/** Goes on with runs of files. What is stored in the browser stays as it is. */
export class RunFile {
  private readonly parts: Parts;
  private offered: (() => void) | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Has the page offer the run in a file, or say why it cannot. */
  async open(file: File): Promise<void> {
    const { run, controller } = this.parts;
    try {
      const { query, step, text } = await summariseRun(file);
      const link = decodeQuery(query);
      if (linkComplaints(link).length > 0) throw new Error('its configuration is of another version');
      const { config, preset } = link;
      const isOwn = config.dataset === 'own';
      if (isOwn && controller.ownText === null) throw new Error(`open its text first: ${text}`);
      this.offered = () => {
        const ownText = isOwn ? controller.ownText : null;
        controller.adopt({ config, preset, kept: { step, file }, metrics: new RunMetrics(), text: ownText });
      };
      run.setState({ runFile: { name: file.name, step, steps: config.training.steps }, runFileFailure: null });
    } catch (error) {
      run.setState({ runFileFailure: `${file.name}: ${error instanceof Error ? error.message : String(error)}.` });
    }
  }

  /** Goes on with the run that was offered. */
  goOn(): void {
    const { offered } = this;
    this.leave();
    offered?.();
  }

  /** Offers it no more. */
  leave(): void {
    this.offered = null;
    this.parts.run.setState({ runFile: null });
  }

  /** Says no more why a file could not be opened. */
  closeFailure(): void {
    this.parts.run.setState({ runFileFailure: null });
  }
}
