import { finishEdit, writeControl } from './config-store.ts';
import type { ConfigStore } from './config-store.ts';
import type { Control } from './controls.ts';

/** Milliseconds after the last keystroke from when on a text counts as typed to its end. */
const REST = 700;

/** What people write into controls. The form follows every keystroke, a run that goes on only what is finished. */
export class Edits {
  private readonly form: ConfigStore;
  /** Calls back after `delay` ms unless the function that it returns is called before. */
  private readonly later: (callback: () => void, delay: number) => () => void;
  private stopWaiting: (() => void) | null = null;

  constructor(form: ConfigStore, later: (callback: () => void, delay: number) => () => void) {
    this.form = form;
    this.later = later;
  }

  /** A text as far as it has been typed: finished once typing rests, if nobody says so before. */
  type(control: Control, text: string): void {
    writeControl(this.form, control, text);
    this.stopWaiting?.();
    this.stopWaiting = this.later(() => this.finish(control), REST);
  }

  /** A whole value, such as that of a button. */
  choose(control: Control, text: string): void {
    writeControl(this.form, control, text);
    this.finish(control);
  }

  /** The control was left, or Enter was pressed. */
  finish(control: Control): void {
    this.stopWaiting?.();
    this.stopWaiting = null;
    finishEdit(this.form, control.name);
  }
}
