/** Reads of an MP4 or QuickTime file just what its tracks are, so that a refusal can be put into words. */

export interface Mp4Track {
  /** `vide`, `soun`, ... */
  handler: string;
  /** Four characters of the first sample description: `avc1`, `hvc1`, `mp4a`, `encv`, ... */
  codec: string;
}

interface Box {
  type: string;
  /** Of its content. */
  start: number;
  end: number;
}

/** An index larger than this is not read: a day of video needs less. */
const LARGEST_INDEX = 32 * 1024 * 1024;

const text = (view: DataView, at: number) =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

/** The box at `at`, whose file or parent ends at `end`; undefined where there is none, or none that fits. */
function boxAt(view: DataView, at: number, base: number, end: number): Box | undefined {
  if (at + 8 > view.byteLength) return undefined;
  let size = view.getUint32(at);
  let header = 8;
  if (size === 1) {
    if (at + 16 > view.byteLength) return undefined;
    size = Number(view.getBigUint64(at + 8));
    header = 16;
  } else if (size === 0) {
    size = end - base - at;
  }
  if (size < header) return undefined;
  return { type: text(view, at + 4), start: base + at + header, end: base + at + size };
}

function boxes(view: DataView, start: number, end: number): Box[] {
  const found: Box[] = [];
  for (let at = start; at < end; ) {
    const box = boxAt(view, at, 0, end);
    if (box === undefined || box.end > end) break;
    found.push(box);
    at = box.end;
  }
  return found;
}

function child(view: DataView, parent: Box, path: string[]): Box | undefined {
  let found: Box | undefined = parent;
  for (const type of path) {
    const { start, end }: Box = found;
    found = boxes(view, start, end).find((box) => box.type === type);
    if (found === undefined) return undefined;
  }
  return found;
}

function trackOf(view: DataView, track: Box): Mp4Track | undefined {
  const handler = child(view, track, ['mdia', 'hdlr']);
  const descriptions = child(view, track, ['mdia', 'minf', 'stbl', 'stsd']);
  // Both begin with version and flags; then come, in hdlr, four bytes and the handler, and in stsd, a count, a size and the type.
  if (handler === undefined || handler.end - handler.start < 12) return undefined;
  if (descriptions === undefined || descriptions.end - descriptions.start < 16) return undefined;
  return { handler: text(view, handler.start + 8), codec: text(view, descriptions.start + 12) };
}

/** The tracks of the file; null if its index is missing or cut off. */
export async function mp4Tracks(file: Blob): Promise<Mp4Track[] | null> {
  for (let at = 0; at < file.size; ) {
    const header = new DataView(await file.slice(at, at + 16).arrayBuffer());
    const box = boxAt(header, 0, at, file.size);
    if (box === undefined || box.end > file.size) return null;
    if (box.type === 'moov') {
      if (box.end - box.start > LARGEST_INDEX) return null;
      const view = new DataView(await file.slice(box.start, box.end).arrayBuffer());
      const tracks = boxes(view, 0, view.byteLength).filter((inner) => inner.type === 'trak');
      return tracks.map((track) => trackOf(view, track)).filter((track) => track !== undefined);
    }
    at = box.end;
  }
  return null;
}
