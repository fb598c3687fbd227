import { describe, expect, it } from 'vitest';
import { deviceCsv, deviceReport, type MeasuredRow } from '../../../web/app/state/device-report';
import { readCsv } from '../../../web/cli/csv';
import { ActionscopeError } from '../../../web/lib/errors';
import type { Contender, Speed } from '../../../web/lib/measure_device';
import { model } from './samples';

const contender: Contender = { variant: 'int8', engine: 'native', simd: 'relaxed', workers: 2 };
const speed: Speed = {
  engine: { name: 'native', version: '9', simd: 'relaxed', steppedDown: null },
  workers: 2,
  frames: 80,
  milliseconds: 14.00049,
  quartiles: [13.5, 14.75],
  rate: 140.12345,
  memory: [10, 30],
};
const ROWS: MeasuredRow[] = [
  { contender, speed, error: null },
  {
    contender: { ...contender, engine: 'onnxruntime', simd: null },
    speed: null,
    error: new ActionscopeError('engine-failed', 'It said “no”, "never".'),
  },
  { contender: { ...contender, variant: 'fp32' }, speed: null, error: null },
];
const FACTS = { userAgent: 'Browser, 1.0', cores: 2, relaxedSimd: true };

describe('what is saved of a device', () => {
  const report = deviceReport(ROWS, model, FACTS);

  it('holds what was measured and what failed, not what was not reached', () => {
    expect(report).toMatchObject({ format: 'actionscope-device', formatVersion: 1, ...FACTS });
    expect(report.measurements).toHaveLength(2);
    expect(report.measurements[0]).toEqual({
      variant: 'int8',
      engine: 'native',
      version: '9',
      simd: 'relaxed',
      workers: 2,
      frames: 80,
      milliseconds: 14,
      lowerQuartile: 13.5,
      upperQuartile: 14.75,
      framesPerSecond: 140.123,
      memoryBytes: 30,
      error: null,
    });
    expect(report.measurements[1]).toMatchObject({
      milliseconds: null,
      error: expect.stringMatching(/^engine-failed: /),
    });
  });

  it('is the same as comma-separated values', () => {
    const lines = readCsv(deviceCsv(report));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      variant: 'int8',
      framesPerSecond: '140.123',
      userAgent: 'Browser, 1.0',
      error: '',
    });
    expect(lines[1]).toMatchObject({ milliseconds: '', error: 'engine-failed: It said “no”, "never".' });
  });
});
