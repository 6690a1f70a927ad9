const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'];
const MINUS = '−';

/** `611,968`: a whole number, exactly. */
export function exact(value: number): string {
  return GROUPED.format(value);
}

/** `7.2 G`, `612 k`, `83`: three digits at most and an SI prefix; a unit can follow. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value < 0) return `${MINUS}${compact(-value)}`;
  let prefix = 0;
  let scaled = value;
  // 999.5 would be shown as 1000.
  while (scaled >= 999.5 && prefix < PREFIXES.length - 1) {
    scaled /= 1000;
    prefix++;
  }
  return `${threeDigits(scaled)} ${PREFIXES[prefix]}`;
}

/** `38.4 MB`, with decimal prefixes as adapters and downloads are measured. */
export function bytes(value: number): string {
  return `${compact(value)}B`;
}

/** `0:16`, `12:03`, `1:02:03`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `3.9e8`, `1.2e−4`: a number of any size. */
export function scientific(value: number): string {
  return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e').replace('-', MINUS);
}

/**
 * A loss with as many digits as can be told apart on a chart, and no more of one that has blown up; a dash where nothing is
 * measured.
 */
export function loss(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return value >= 1000 ? scientific(value) : value.toFixed(value < 0.1 ? 3 : 2);
}

/** `2.345 ± 0.012`, `2.35 ± 0.04`: a mean with its standard error, and no more digits than that leaves it. */
export function withError({ mean, error }: { mean: number; error: number | null }): string {
  if (error === null || !Number.isFinite(error)) return loss(mean);
  return `${asKnown(mean, error)} ± ${asKnown(error, error)}`;
}

/** `2.345`, `−0.01`: a number with as many digits as a standard error leaves it. */
export function asKnown(value: number, error: number): string {
  // An error that begins with 1 has two digits.
  const digits = error > 0 ? Math.min(6, Math.max(2, -Math.floor(Math.log10(error / 2)))) : 4;
  return value.toFixed(digits).replace('-', MINUS);
}

/** `45 %`; of a share that is too small for that, and not 0, `< 1 %`. */
export function percent(share: number): string {
  const rounded = Math.round(100 * share);
  return rounded === 0 && share > 0 ? '< 1 %' : `${rounded} %`;
}

function threeDigits(value: number): string {
  if (value === 0) return '0';
  if (value < 1) return String(Number(value.toPrecision(2)));
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0).replace(/\.0+$/, '');
}
