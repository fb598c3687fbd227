/** Numbers as a person reads them. All functions are pure; times are in seconds unless the name says otherwise. */

/** Between a number and its unit. */
export const NARROW_SPACE = '\u202f';

/** A position or a length in a clip, to a tenth of a second: `0:07.3`, `12:00.0`, `1:02:03.4`. */
export function formatTime(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    return 'unknown';
  }
  const tenths = Math.max(0, Math.round(seconds * 10));
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  const minutes = Math.floor(tenths / 600);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${String(minutes % 60).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** Size of a file in decimal units, three significant digits: `812 B`, `4.31 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)}${NARROW_SPACE}${units[unit]}`;
}

/**
 * A fraction from 0 to 1 as a percentage. What is neither nought nor certain is never rounded to either: `<1%`, `>99%`.
 */
export function formatPercent(fraction: number, digits = 0): string {
  const step = 10 ** -digits;
  const percent = Math.min(100, Math.max(0, fraction * 100));
  if (percent > 0 && percent < step / 2) {
    return `<${step.toFixed(digits)}%`;
  }
  if (percent < 100 && percent >= 100 - step / 2) {
    return `>${(100 - step).toFixed(digits)}%`;
  }
  return `${percent.toFixed(digits)}%`;
}

/** Time that something took, given in milliseconds: `4.2 ms`, `38 ms`, `1.42 s`. */
export function formatElapsed(milliseconds: number): string {
  if (milliseconds >= 999.5) {
    const seconds = milliseconds / 1000;
    return `${seconds.toFixed(seconds >= 9.995 ? 1 : 2)}${NARROW_SPACE}s`;
  }
  return `${milliseconds.toFixed(milliseconds >= 9.95 ? 0 : 1)}${NARROW_SPACE}ms`;
}

/** A count with its noun: `1 frame`, `20 frames`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
