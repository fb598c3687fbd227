/** Builds as much of an MP4 file as is looked at. */

const four = (text: string) => [...text].map((character) => character.charCodeAt(0));
const uint32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

export const box = (type: string, ...content: number[][]): number[] => {
  const bytes = content.flat();
  return [...uint32(bytes.length + 8), ...four(type), ...bytes];
};

export const track = (handler: string, codec: string): number[] =>
  box(
    'trak',
    box('tkhd', Array(20).fill(0)),
    box(
      'mdia',
      box('hdlr', uint32(0), uint32(0), four(handler), Array(13).fill(0)),
      box('minf', box('stbl', box('stsd', uint32(0), uint32(1), box(codec, Array(8).fill(0))))),
    ),
  );

export const fileType = box('ftyp', four('isom'), uint32(512));

/** A file whose index lies behind the pictures, as most have it. */
export const mp4File = (...tracks: number[][]): Blob =>
  new Blob([new Uint8Array([...fileType, ...box('mdat', Array(100).fill(7)), ...box('moov', ...tracks)])]);
