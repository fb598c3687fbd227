import { expect, it } from 'vitest';
import { refusal } from '../../../web/media/refusal';
import { fileType, mp4File, track } from './mp4_file';

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
const blob = (...bytes: number[]) => new Blob([new Uint8Array(bytes)]);
const matroska = (...codecs: string[]) =>
  blob(0x1a, 0x45, 0xdf, 0xa3, ...codecs.flatMap((codec) => [0x86, 0x80 + codec.length, ...ascii(codec)]));
const unreadable = {
  size: 5,
  slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
} as unknown as Blob;

const everything = () => true;
const nothing = () => false;

it.each([
  ['an empty file', blob(), everything, 'file-empty', 'empty'],
  ['a file that was moved', unreadable, everything, 'file-unreadable', 'no longer be read'],
  ['a text', blob(...ascii('hello')), everything, 'not-a-video', 'not a video'],
  ['a song', blob(...ascii('ID3')), everything, 'no-video-track', 'sound but no picture'],
  ['an AVI file that nothing could read', blob(...ascii('RIFF0000AVI ')), everything, 'file-corrupt', 'damaged'],
  ['an MP4 without its index', blob(...fileType), everything, 'file-corrupt', 'damaged'],
  ['an MP4 without tracks', mp4File(), everything, 'file-corrupt', 'damaged'],
  ['an MP4 with sound only', mp4File(track('soun', 'mp4a')), everything, 'no-video-track', 'sound but no picture'],
  ['an encrypted MP4', mp4File(track('vide', 'encv')), everything, 'file-encrypted', 'encrypted'],
  ['an HEVC file where HEVC is not played', mp4File(track('vide', 'hvc1')), nothing, 'codec-unsupported', 'HEVC'],
  ['an MP4 with an unknown codec', mp4File(track('vide', 'xyz1')), everything, 'codec-unsupported', 'xyz1'],
  ['an H.264 file where H.264 is played', mp4File(track('vide', 'avc1')), everything, 'file-corrupt', 'damaged'],
  ['a Matroska file with HEVC', matroska('A_AAC', 'V_MPEGH/ISO/HEVC'), nothing, 'codec-unsupported', 'HEVC'],
  ['a WebM file with sound only', matroska('A_OPUS'), everything, 'no-video-track', 'sound but no picture'],
  ['a damaged WebM file', matroska('V_VP9'), everything, 'file-corrupt', 'damaged'],
  ['a WebM file without tracks', matroska(), everything, 'file-corrupt', 'damaged'],
])('%s is refused in its own words', async (_, file, plays, code, words) => {
  const error = await refusal(file, plays);
  expect(error.code).toBe(code);
  expect(error.message).toContain(words);
  expect(error.message).toMatch(/^[A-Z].*\.$/);
  expect(error.hint, 'it says what to do').toMatch(/^[A-Z].*\.$/);
});
