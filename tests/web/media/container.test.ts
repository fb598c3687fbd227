import { describe, expect, it } from 'vitest';
import { identify, isMobileMp4, isMotionJpeg, matroskaCodecs, moves } from '../../../web/media/container';

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
    ['other', bytes('RIFF', 0, 0, 0, 0, 'ACON')],
    ['mpeg-ps', bytes(0, 0, 1, 0xba, 0x44)],
    ['mpeg-ts', transportStream],
    ['asf', bytes(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)],
    ['flv', bytes('FLV', 1)],
    ['sound', bytes('ID3', 4)],
    ['sound', bytes('fLaC')],
    ['sound', bytes(0xff, 0xfb, 0x90)],
    ['gif', bytes('GIF89a')],
    ['webp', bytes('RIFF', 0, 0, 0, 0, 'WEBPVP8 ')],
    ['png', bytes(0x89, 'PNG')],
    ['jpeg', bytes(0xff, 0xd8, 0xff, 0xe0)],
    ['bmp', bytes('BM', 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0)],
    ['avif', bytes(0, 0, 0, 28, 'ftypavif')],
    ['avif', bytes(0, 0, 0, 28, 'ftypmif1', 0, 0, 0, 0, 'mif1avif')],
    ['heic', bytes(0, 0, 0, 24, 'ftypheic')],
    ['other', bytes('BMW is a car, and this is a text.')],
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

describe('a picture moves', () => {
  const webp = (chunk: string, flags: number) => bytes('RIFF', 0, 0, 0, 0, 'WEBP', chunk, 10, 0, 0, 0, flags);

  it.each([
    ['gif', bytes('GIF89a'), true],
    ['webp', webp('VP8X', 2), true],
    ['webp', webp('VP8X', 16), false],
    ['webp', webp('VP8 ', 2), false],
    ['avif', bytes(0, 0, 0, 28, 'ftypavis'), true],
    ['avif', bytes(0, 0, 0, 28, 'ftypavif'), false],
    ['png', bytes(0x89, 'PNG'), false],
  ] as const)('%s', (format, head, expected) => {
    expect(moves(format, head)).toBe(expected);
  });
});

describe('a JPEG file', () => {
  const app = (marker: number, ...content: (string | number)[]) => {
    const segment = [...bytes(...content)];
    return [0xff, marker, 0, segment.length + 2, ...segment];
  };
  /** A scan whose pixels hold a stuffed 0xff. */
  const scan = [0xff, 0xda, 0, 2, 1, 2, 0xff, 0, 3, 0xff, 0xd9];
  const picture = (...segments: number[][]) => [0xff, 0xd8, ...segments.flat(), ...scan];
  // The end marker of a preview inside a segment is not that of the picture.
  const plain = picture(app(0xe1, 'Exif', 0xff, 0xd9, 0xff, 0xd8, 0xff));

  it('with another picture behind it is a film', () => {
    expect(isMotionJpeg(new Uint8Array([...plain, ...plain]))).toBe(true);
  });

  it('with nothing, or something else, behind it is a still', () => {
    expect(isMotionJpeg(new Uint8Array(plain))).toBe(false);
    expect(isMotionJpeg(new Uint8Array([...plain, ...bytes('ftyp')]))).toBe(false);
  });

  it('that joins several pictures of one moment is a still', () => {
    const joined = picture(app(0xe2, 'MPF', 0));
    expect(isMotionJpeg(new Uint8Array([...joined, ...plain]))).toBe(false);
  });

  it('that is cut off anywhere is a still', () => {
    for (let length = 0; length < plain.length; ++length) {
      expect(isMotionJpeg(new Uint8Array(plain.slice(0, length)))).toBe(false);
    }
  });
});

it('an MP4 file of an early mobile phone is told from others', () => {
  expect(isMobileMp4(bytes(0, 0, 0, 24, 'ftyp3gp5'))).toBe(true);
  expect(isMobileMp4(bytes(0, 0, 0, 24, 'ftypisom'))).toBe(false);
});
