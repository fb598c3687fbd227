/** Tells kinds of files apart by their first bytes. */

export type Container = 'mp4' | 'matroska' | 'ogg' | 'avi' | 'mpeg-ps' | 'mpeg-ts' | 'asf' | 'flv' | 'sound' | 'other';

/** Bytes that `identify` and `matroskaCodecs` want to see. */
export const HEAD_BYTES = 64 * 1024;

const ascii = (bytes: Uint8Array, start: number, length: number) =>
  String.fromCharCode(...bytes.subarray(start, start + length));

const startsWith = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, index) => bytes[index] === byte);

/** Boxes that an MP4 or QuickTime file may begin with. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp'];

const TS_PACKET = 188;

export function identify(head: Uint8Array): Container {
  const four = ascii(head, 0, 4);
  if (FIRST_BOXES.includes(ascii(head, 4, 4))) return 'mp4';
  if (startsWith(head, 0x1a, 0x45, 0xdf, 0xa3)) return 'matroska';
  if (four === 'OggS') return 'ogg';
  if (four === 'RIFF') return ascii(head, 8, 4) === 'AVI ' ? 'avi' : ascii(head, 8, 4) === 'WAVE' ? 'sound' : 'other';
  if (startsWith(head, 0, 0, 1, 0xba) || startsWith(head, 0, 0, 1, 0xb3)) return 'mpeg-ps';
  if (head[0] === 0x47 && head[TS_PACKET] === 0x47 && head[2 * TS_PACKET] === 0x47) return 'mpeg-ts';
  if (startsWith(head, 0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)) return 'asf';
  if (four.startsWith('FLV')) return 'flv';
  if (four.startsWith('ID3') || four === 'fLaC' || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2))
    return 'sound';
  return 'other';
}

/** The codec identifiers, `V_VP9`, `A_OPUS`, ..., that a Matroska or WebM file names near its beginning. */
export function matroskaCodecs(head: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 0; at + 3 < head.length; ++at) {
    // CodecID: element 0x86, a one-byte length, and the name.
    const length = (head[at + 1] ?? 0) & 0x7f;
    if (head[at] !== 0x86 || length < 3) continue;
    const name = ascii(head, at + 2, length);
    if (/^[VA]_[A-Z0-9/]+$/.test(name)) found.push(name);
  }
  return found;
}
