import { describe, expect, it } from 'vitest';
import { crossCheckWords } from '../../../web/app/text/cross-check-words';
import type { CrossCheck } from '../../../web/lib/types';

const check: CrossCheck = {
  reference: { name: 'onnxruntime', version: '1.30.0', simd: 'relaxed', steppedDown: null },
  frames: 20,
  features: 3.21e-6,
  probabilities: 0.00001,
  agrees: true,
};

describe('the words for a check', () => {
  it('say that both engines agree, and how closely', () => {
    expect(crossCheckWords(check)).toBe(
      'Verified against ONNX Runtime Web 1.30.0: largest difference 3.2e-6 of the largest feature over 20 frames, ' +
        '<0.01% in a probability.',
    );
    expect(crossCheckWords({ ...check, features: 0, probabilities: 0 })).toContain(
      'largest difference 0 of the largest feature over 20 frames, 0.00% in',
    );
  });

  it('say that they do not', () => {
    const words = crossCheckWords({ ...check, agrees: false, features: 0.1234, probabilities: 0.25 });
    expect(words).toMatch(/^Not the same as ONNX Runtime Web 1\.30\.0: largest difference 1\.2e-1 .* 25\.00% in/);
  });
});
