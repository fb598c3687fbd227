import { describe, expect, it } from 'vitest';
import { identify, matroskaCodecs } from '../../../web/media/container';

const bytes = (...parts: (string | number)[]) =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part].map((c) => c.charCodeAt(0)))));

const transportStream = new Uint8Array(400);
for (const at of [0, 188, 376]) transportStream[at] = 0x47;

describe('a file is told by its first bytes', () => {
  it.each([
    ['mp4', bytes(0, 0, 0, 32, 'ftypisom')],
    ['mp4', bytes(0, 0, 0, 8, 'wide', 0, 0, 0, 0, 'mdat')],
    ['matroska', bytes(0x1a, 0x45, 0xdf, 0xa3)],
    ['ogg', bytes('OggS')],
    ['avi', bytes('RIFF', 0, 0, 0, 0, 'AVI LIST')],
    ['sound', bytes('RIFF', 0, 0, 0, 0, 'WAVEfmt ')],
    ['other', bytes('RIFF', 0, 0, 0, 0, 'WEBPVP8 ')],
    ['mpeg-ps', bytes(0, 0, 1, 0xba, 0x44)],
    ['mpeg-ts', transportStream],
    ['asf', bytes(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)],
    ['flv', bytes('FLV', 1)],
    ['sound', bytes('ID3', 4)],
    ['sound', bytes('fLaC')],
    ['sound', bytes(0xff, 0xfb, 0x90)],
    ['other', bytes(0xff, 0xd8, 0xff, 0xe0)],
    ['other', bytes('%PDF-1.7')],
    ['other', bytes('G', 1, 2)],
    ['other', bytes()],
  ])('%s', (container, head) => {
    expect(identify(head)).toBe(container);
  });
});

describe('the codecs of a Matroska file', () => {
  it('are read from its head', () => {
    const head = bytes(1, 2, 0x86, 0x85, 'V_VP9', 0, 0x86, 0x86, 'A_OPUS', 3);
    expect(matroskaCodecs(head)).toEqual(['V_VP9', 'A_OPUS']);
  });

  it('are none where bytes only look like it', () => {
    expect(matroskaCodecs(bytes(0x86, 0x85, 'v_vp9', 0x86, 0xff, 0x86))).toEqual([]);
  });
});
