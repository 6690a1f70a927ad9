/** Steps far above the best, with no more of others between them, that are a blow-up: a batch may be hard. */
const MANY = 20;
/** So many steps after its settings have changed a run has shown that it goes well with them. */
const PROOF = 100;
/** What went wrong began some steps before it showed: sound is what is at least so many steps older than the first high loss. */
const MARGIN = 10;
/** Weight of each loss in the mean whose lowest value is the best. */
const SHARE = 0.1;

/** Follows the losses of a run: up to which step all went well, and whether they have blown up since, finite as they are. */
export class LossWatch {
  private readonly onTurn: () => void;
  private mean = Infinity;
  private lowest = Infinity;
  private high = 0;
  private turned = false;
  /** Where the run begins, which is sound whatever its first losses are. */
  private start: number;
  private well: number;
  private last: number;
  private change: number | null = null;

  /**
   * @param step from which the run goes on
   * @param onTurn called when losses have blown up, and when they have come down again
   */
  constructor(step: number, onTurn: () => void) {
    this.start = step;
    this.well = step;
    this.last = step;
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

  /**
   * The last step whose parameters are known to be sound. A loss is of the parameters that the step before has made, and the first
   * that are bad need not have a high one. Those before changed settings are sound, because these are what went wrong.
   */
  get soundUntil(): number {
    return this.well === this.change ? this.well : Math.max(this.start, this.well + 1 - MARGIN);
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
    this.last = step;
    this.high = Math.max(0, Math.min(MANY, this.high + (this.isHigh(bits) ? 1 : -1)));
    if (this.high === 0) this.advance(step);
    if (this.high === (this.turned ? 0 : MANY)) {
      this.turned = !this.turned;
      this.onTurn();
    }
  }

  /**
   * Takes what the parameters that `step` updates have made cost on the validation text: where that is not high, the last batches
   * were only hard. So one at the end of a run is no blow-up.
   */
  validated(step: number, bits: number): void {
    if (step < this.last || this.turned || this.isHigh(bits)) return;
    this.high = 0;
    this.advance(step);
  }

  /** Settings count from the step after `step` on that may ruin the run. */
  changed(step: number): void {
    if (!this.turned) this.change ??= step;
  }

  /** The run is as it was after `step`, when all was well. */
  goBack(step: number): void {
    this.start = step;
    this.well = step;
    this.last = step;
    this.change = null;
    this.high = 0;
    this.turned = false;
    this.mean = this.lowest;
  }

  /** An untrained model has 8 bits: 12 are far above guessing, 2 are far above 1. */
  private isHigh(bits: number): boolean {
    return !(bits <= Math.max(1.5 * this.lowest, this.lowest + 1));
  }

  private advance(step: number): void {
    const { change } = this;
    if (change !== null && step > change && step < change + PROOF) return;
    if (change !== null && step > change) this.change = null;
    this.well = step;
  }
}
