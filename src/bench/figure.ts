const THOUSANDS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Three digits that count, without an exponent; a dash where there is no number. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 1000) return THOUSANDS.format(value);
  return String(Number(value.toPrecision(3)));
}
