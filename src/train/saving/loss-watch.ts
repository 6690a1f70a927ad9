/** Steps far above the best, with no more of others between them, that are a blow-up: a batch may be hard. */
const MANY = 20;
/** So many steps after its settings have changed a run has shown that it goes well with them. */
const PROOF = 100;
/** Weight of each loss in the mean whose lowest value is the best. */
const SHARE = 0.1;

/** Follows the losses of a run: up to which step all went well, and whether they have blown up since, finite as they are. */
export class LossWatch {
  private readonly onTurn: () => void;
  private mean = Infinity;
  private lowest = Infinity;
  private high = 0;
  private turned = false;
  private well: number;
  private change: number | null = null;

  /**
   * @param step from which the run goes on
   * @param onTurn called when losses have blown up, and when they have come down again
   */
  constructor(step: number, onTurn: () => void) {
    this.well = step;
    this.onTurn = onTurn;
  }

  /** Whether losses stay far above the best. */
  get hasBlownUp(): boolean {
    return this.turned;
  }

  /** Whether no loss was far above the best lately: a blow-up begins some steps before it is one. */
  get goesWell(): boolean {
    return this.high === 0;
  }

  /** The last step up to which nothing has gone wrong; with changed settings only once they have proven themselves. */
  get wellUntil(): number {
    return this.well;
  }

  /** Whether settings have changed that have not proven themselves yet. */
  get isTried(): boolean {
    return this.change !== null;
  }

  /** The lowest mean loss over some steps, in bits per byte. */
  get best(): number {
    return this.lowest;
  }

  /** Takes the loss of the next step, in bits per byte. */
  note(step: number, bits: number): void {
    this.mean = this.mean === Infinity ? bits : this.mean + SHARE * (bits - this.mean);
    this.lowest = Math.min(this.lowest, this.mean);
    // An untrained model has 8 bits: 12 are far above guessing, 2 are far above 1.
    const isHigh = bits > Math.max(1.5 * this.lowest, this.lowest + 1);
    this.high = Math.max(0, Math.min(MANY, this.high + (isHigh ? 1 : -1)));
    if (this.high === 0) this.advance(step);
    if (this.high === (this.turned ? 0 : MANY)) {
      this.turned = !this.turned;
      this.onTurn();
    }
  }

  /** Settings count from the step after `step` on that may ruin the run. */
  changed(step: number): void {
    if (!this.turned) this.change ??= step;
  }

  /** The run is as it was after `step`, when all was well. */
  goBack(step: number): void {
    this.well = step;
    this.change = null;
    this.high = 0;
    this.turned = false;
    this.mean = this.lowest;
  }

  private advance(step: number): void {
    const { change } = this;
    if (change !== null && step > change && step < change + PROOF) return;
    if (change !== null && step > change) this.change = null;
    this.well = step;
  }
}
