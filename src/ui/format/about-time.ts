const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `about 18 s`, `about 4 min`, `about 3 h`: a time that is only estimated, with no more digits than it deserves. */
export function aboutTime(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 100) return `about ${twoDigits(seconds)} s`;
  if (seconds < 100 * MINUTE) return `about ${twoDigits(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `about ${twoDigits(seconds / HOUR)} h`;
  return `about ${twoDigits(seconds / DAY)} days`;
}

function twoDigits(value: number): string {
  return String(value < 100 ? Math.round(value) : Number(value.toPrecision(2)));
}
