import { describe, expect, it } from 'vitest';
import { mp4Tracks } from '../../../web/media/mp4';
import { box, fileType, mp4File, track } from './mp4_file';

const blob = (...bytes: number[][]) => new Blob([new Uint8Array(bytes.flat())]);

describe('the tracks of an MP4 file', () => {
  it('are read with handler and codec, wherever the index lies', async () => {
    const tracks = [
      { handler: 'vide', codec: 'hvc1' },
      { handler: 'soun', codec: 'mp4a' },
    ];
    const index = box('moov', track('vide', 'hvc1'), track('soun', 'mp4a'));
    expect(await mp4Tracks(mp4File(track('vide', 'hvc1'), track('soun', 'mp4a')))).toEqual(tracks);
    expect(await mp4Tracks(blob(fileType, index, box('mdat', [1, 2, 3])))).toEqual(tracks);
  });

  it('are read behind a box with a 64-bit size', async () => {
    const large = [0, 0, 0, 1, ...[...'mdat'].map((c) => c.charCodeAt(0)), 0, 0, 0, 0, 0, 0, 0, 20, 1, 2, 3, 4];
    const index = box('moov', track('vide', 'av01'));
    expect(await mp4Tracks(blob(fileType, large, index))).toEqual([{ handler: 'vide', codec: 'av01' }]);
  });

  it.each([
    ['nothing', []],
    ['four bytes', [0, 0, 0, 8]],
    ['no index', fileType],
    ['an index that is cut off', [...fileType, ...box('moov', track('vide', 'avc1')).slice(0, -5)]],
    ['a box that claims to be shorter than its header', [...fileType, 0, 0, 0, 4, 109, 111, 111, 118]],
    ['a box larger than the file', [...fileType, 255, 255, 255, 255, 109, 111, 111, 118]],
  ])('are not known of a file with %s', async (_, bytes) => {
    expect(await mp4Tracks(blob(bytes))).toBeNull();
  });

  it('leave out what lies: a track without description, or with one that is too short', async () => {
    const short = box('trak', box('mdia', box('hdlr', [0, 0, 0, 0]), box('minf', box('stbl', box('stsd', [0])))));
    const lying = [0, 0, 0, 100, ...[...'trak'].map((c) => c.charCodeAt(0))];
    expect(await mp4Tracks(blob(fileType, box('moov', box('trak'), short, lying)))).toEqual([]);
  });
});
