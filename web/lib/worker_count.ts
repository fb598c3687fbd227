/** What browsers tell of a device. */
interface Device {
  hardwareConcurrency: number;
  /** Gigabytes, rounded; not every browser tells them. */
  deviceMemory?: number;
}

const MOST = 8;
const USUALLY_MOST = 4;
/** Of a device with no more memory than this, in gigabytes. */
const LITTLE_MEMORY = 2;
const MOST_WITH_LITTLE_MEMORY = 2;

/** How many workers compute features, as ClassifierOptions.workers says. */
export function workerCount(wanted: number | undefined, device: Device = navigator): number {
  if (wanted !== undefined) return Math.min(MOST, Math.max(1, Math.trunc(wanted) || 1));
  const { hardwareConcurrency, deviceMemory = Number.POSITIVE_INFINITY } = device;
  const most = deviceMemory <= LITTLE_MEMORY ? MOST_WITH_LITTLE_MEMORY : USUALLY_MOST;
  return Math.max(1, Math.min(most, hardwareConcurrency));
}
