import { describe, expect, it } from 'vitest';
import { disposability } from '../../../web/media/disposable';

/** First bytes of NAL units. */
const SEI = 0x06;
const REFERRED_SLICE = 0x41;
const LONE_SLICE = 0x01;

/** avcC with lengths of `bytes` bytes. */
const record = (bytes: number) => new Uint8Array([1, 0x64, 0, 0x1f, 0xfc | (bytes - 1)]);

const withLengths = (bytes: number, ...units: number[]) =>
  new Uint8Array(units.flatMap((unit) => [...Array(bytes - 1).fill(0), 3, unit, 9, 9]));
const withStartCodes = (...units: number[]) => new Uint8Array(units.flatMap((unit) => [0, 0, 1, unit, 9, 9]));

describe.each([
  [
    'four-byte lengths',
    { codec: 'avc1.64001f', description: record(4) },
    (...units: number[]) => withLengths(4, ...units),
  ],
  [
    'two-byte lengths',
    { codec: 'avc1.64001f', description: record(2) },
    (...units: number[]) => withLengths(2, ...units),
  ],
  [
    'a record in a buffer',
    { codec: 'avc3.64001f', description: record(4).buffer },
    (...units: number[]) => withLengths(4, ...units),
  ],
  ['start codes', { codec: 'avc1.64001f' }, withStartCodes],
])('a picture of H.264 with %s', (_, config, packet) => {
  const isDisposable = disposability(config);

  it('can be left out if no slice of it is referred to', () => {
    expect(isDisposable(packet(SEI, LONE_SLICE, LONE_SLICE))).toBe(true);
  });

  it('cannot if any slice is referred to', () => {
    expect(isDisposable(packet(REFERRED_SLICE))).toBe(false);
    expect(isDisposable(packet(LONE_SLICE, REFERRED_SLICE))).toBe(false);
  });

  it('cannot if it has no slice at all', () => {
    expect(isDisposable(packet(SEI))).toBe(false);
    expect(isDisposable(new Uint8Array())).toBe(false);
  });
});

it('a length that lies ends the search', () => {
  const isDisposable = disposability({ codec: 'avc1.64001f', description: record(4) });
  expect(isDisposable(new Uint8Array([255, 255, 255, 255, LONE_SLICE]))).toBe(true);
  expect(isDisposable(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, REFERRED_SLICE]))).toBe(false);
});

it('of other codecs nothing is known to be disposable', () => {
  expect(disposability({ codec: 'vp09.00.10.08' })(withStartCodes(LONE_SLICE))).toBe(false);
});
