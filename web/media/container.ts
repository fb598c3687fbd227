/** Tells kinds of files apart by their first bytes. */

export type Container =
  | 'mp4'
  | 'matroska'
  | 'ogg'
  | 'avi'
  | 'mpeg-ps'
  | 'mpeg-ts'
  | 'asf'
  | 'flv'
  | PictureFormat
  | 'sound'
  | 'other';

/** Pictures, some of which can move. */
export type PictureFormat = 'gif' | 'webp' | 'avif' | 'heic' | 'png' | 'jpeg' | 'bmp';

/** The words for them. */
export const PICTURE_NAMES: Record<PictureFormat, string> = {
  gif: 'GIF',
  webp: 'WebP',
  avif: 'AVIF',
  heic: 'HEIC',
  png: 'PNG',
  jpeg: 'JPEG',
  bmp: 'BMP',
};

export function isPicture(container: Container): container is PictureFormat {
  return container in PICTURE_NAMES;
}

/** Bytes that `identify` and `matroskaCodecs` want to see. */
export const HEAD_BYTES = 64 * 1024;

const ascii = (bytes: Uint8Array, start: number, length: number) =>
  String.fromCharCode(...bytes.subarray(start, start + length));

const startsWith = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, index) => bytes[index] === byte);

/** Boxes that an MP4 or QuickTime file may begin with. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp'];

const TS_PACKET = 188;

/** Brands of pictures in the container that MP4 has, too. */
const PICTURE_BRANDS: Record<string, PictureFormat> = {
  avif: 'avif',
  avis: 'avif',
  heic: 'heic',
  heix: 'heic',
  hevc: 'heic',
  heim: 'heic',
  heis: 'heic',
  mif1: 'heic',
  msf1: 'heic',
};

function pictureFormat(head: Uint8Array): PictureFormat | undefined {
  if (ascii(head, 0, 4) === 'GIF8') return 'gif';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') return 'webp';
  if (startsWith(head, 0x89, 0x50, 0x4e, 0x47)) return 'png';
  if (startsWith(head, 0xff, 0xd8, 0xff)) return 'jpeg';
  // The size of its header tells a bitmap from a text that begins with these letters.
  if (ascii(head, 0, 2) === 'BM' && head[14] === 40 && head[15] === 0) return 'bmp';
  if (ascii(head, 4, 4) !== 'ftyp') return undefined;
  // The first brand can be a general one; then a compatible one names the format.
  const brands = Array.from({ length: 8 }, (_, index) => ascii(head, index === 0 ? 8 : 12 + index * 4, 4));
  if (PICTURE_BRANDS[brands[0] ?? ''] === undefined) return undefined;
  return brands.some((brand) => PICTURE_BRANDS[brand] === 'avif') ? 'avif' : 'heic';
}

/** Whether a picture's head says that it moves; GIFs do not say so beforehand, and are taken to. */
export function moves(format: PictureFormat, head: Uint8Array): boolean {
  if (format === 'webp') return ascii(head, 12, 4) === 'VP8X' && ((head[20] ?? 0) & 2) !== 0;
  if (format === 'avif') return ascii(head, 8, 4) === 'avis';
  return format === 'gif';
}

export function identify(head: Uint8Array): Container {
  const four = ascii(head, 0, 4);
  const picture = pictureFormat(head);
  if (picture !== undefined) return picture;
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

/** Whether an MP4 file is of the kind that early mobile phones recorded, 3GP. */
export function isMobileMp4(head: Uint8Array): boolean {
  return ascii(head, 4, 4) === 'ftyp' && ascii(head, 8, 2) === '3g';
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

/**
 * Whether a JPEG picture is followed by another: then it is the first of a film. Cameras that join several pictures of one moment in
 * a file say so in a segment of their own.
 */
export function isMotionJpeg(bytes: Uint8Array): boolean {
  let at = 2;
  while (bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    if (bytes[at + 1] === 0xe2 && ascii(bytes, at + 4, 4) === 'MPF\0') return false;
    at += 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
  }
  // In coded pixels no 0xff stands before 0xd9.
  while (at < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] === 0xd9)) at += 1;
  return startsWith(bytes.subarray(at + 2, at + 5), 0xff, 0xd8, 0xff);
}
