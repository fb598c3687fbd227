/** What a check against ONNX Runtime has found, in words. */
import type { CrossCheck } from '../../lib/types';
import { formatCount, formatPercent } from './format';

/** `Verified against ONNX Runtime Web 1.30.0: ...`. Differences of features are so small that they are told as powers of ten. */
export function crossCheckWords({ reference, frames, features, probabilities, agrees }: CrossCheck): string {
  const verdict = agrees ? 'Verified against' : 'Not the same as';
  const largest = features === 0 ? '0' : features.toExponential(1);
  return (
    `${verdict} ONNX Runtime Web ${reference.version}: largest difference ${largest} of the largest feature ` +
    `over ${formatCount(frames, 'frame')}, ${formatPercent(probabilities, 2)} in a probability.`
  );
}
