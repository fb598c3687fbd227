import { describe, expect, it } from 'vitest';
import { PicturePlayback } from '../../../web/app/state/picture-playback';
import { ActionscopeError } from '../../../web/lib/errors';
import { settle } from './fake-classifier';
import { FakePictures, numberOf } from './fake-pictures';

/** A clip of a second and a half, of pictures at uneven distances. */
const STARTS = [0, 0.1, 0.5, 0.6, 1];
const DURATION = 1.5;

/** A playback whose clock is in the test's hands. */
function stage() {
  const drawn: number[] = [];
  const waiting: ((now: number) => void)[] = [];
  let now = 5000;
  const playback = new PicturePlayback({
    draw: (frame) => drawn.push(numberOf(frame)),
    onChange: () => undefined,
    onNextTick: (callback) => waiting.push(callback),
  });
  /** Lets time go by, a tick every `every` milliseconds. */
  const pass = async (milliseconds: number, every = 20) => {
    for (let passed = 0; passed < milliseconds; passed += every) {
      await settle();
      now += every;
      for (const callback of waiting.splice(0)) callback(now);
    }
    await settle();
  };
  return { playback, drawn, pass };
}

async function opened(starts: readonly number[] = STARTS) {
  const parts = stage();
  const pictures = new FakePictures(starts, DURATION);
  await parts.playback.open(async () => pictures);
  await settle();
  return { ...parts, pictures };
}

describe('opening', () => {
  it('shows the first picture and waits', async () => {
    const { playback, drawn } = await opened();
    expect(drawn).toEqual([0]);
    expect(playback).toMatchObject({ phase: 'paused', position: 0 });
  });

  it('begins at the moment that was sought meanwhile', async () => {
    const { playback, drawn } = stage();
    playback.seek(0.55);
    await playback.open(async () => new FakePictures(STARTS, DURATION));
    await settle();
    expect(drawn).toEqual([2]);
    expect(playback.position).toBe(0.55);
  });

  it('tells why a file cannot be opened', async () => {
    const { playback } = stage();
    const error = new ActionscopeError('codec-unsupported', 'This is Indeo 9 video.');
    await playback.open(() => Promise.reject(error));
    expect(playback).toMatchObject({ phase: 'failed', error });
  });

  it('closes a clip that opens too late', async () => {
    const { playback, drawn } = stage();
    const pictures = new FakePictures(STARTS, DURATION);
    const opening = playback.open(async () => pictures);
    playback.close();
    await opening;
    expect(pictures.isClosed).toBe(true);
    expect(drawn).toEqual([]);
  });
});

describe('seeking', () => {
  it('stays within the clip', async () => {
    const { playback } = await opened();
    playback.seek(99);
    expect(playback.position).toBe(DURATION);
    playback.seek(-1);
    expect(playback.position).toBe(0);
  });

  it('reads only the newest of many wishes', async () => {
    const { playback, pictures, drawn } = await opened();
    pictures.asked.length = 0;
    for (const time of [0.2, 0.3, 0.55, 1.2]) playback.seek(time);
    await settle();
    expect(pictures.asked).toEqual([0.2, 1.2]);
    expect(drawn.at(-1)).toBe(4);
  });

  it('leaves the last picture where nothing can be read', async () => {
    const { playback, pictures, drawn } = await opened();
    pictures.at = async () => null;
    playback.seek(1);
    await settle();
    expect(drawn).toEqual([0]);
    expect(playback.phase).toBe('paused');
  });
});

describe('stepping', () => {
  it('goes through every picture, forth and back, and says where each begins', async () => {
    const { playback, drawn } = await opened();
    const positions: number[] = [];
    for (const direction of [1, 1, 1, -1, -1, -1, -1] as const) {
      playback.stepPicture(direction);
      await settle();
      positions.push(playback.position);
    }
    expect(drawn).toEqual([0, 1, 2, 3, 2, 1, 0, 0]);
    expect(positions).toEqual([0.1, 0.5, 0.6, 0.5, 0.1, 0, 0]);
  });

  it('has nowhere to go behind the last picture, and leaves no run open', async () => {
    const { playback, pictures, drawn } = await opened();
    playback.seek(1.2);
    await settle();
    playback.stepPicture(1);
    await settle();
    expect(drawn.at(-1)).toBe(4);
    expect(pictures.openRuns).toBe(0);
  });
});

describe('playing', () => {
  it('shows every picture at its time, then stops at the end', async () => {
    const { playback, drawn, pass } = await opened();
    playback.play();
    await pass(300);
    expect(drawn).toEqual([0, 0, 1]);
    expect(playback.position).toBeCloseTo(0.28, 1);
    await pass(400);
    expect(drawn.slice(3)).toEqual([2, 3]);
    await pass(1000);
    expect(drawn.slice(5)).toEqual([4]);
    expect(playback.phase).toBe('paused');
  });

  it('keeps the pace of a clip that has more pictures than the screen', async () => {
    const starts = Array.from({ length: 300 }, (_, index) => index / 200);
    const { playback, drawn, pass } = await opened(starts);
    playback.play();
    await pass(1000);
    expect(playback.position).toBeCloseTo(1, 1);
    expect(drawn.at(-1)).toBeGreaterThan(190);
  });

  it('starts over when it is played again at the end', async () => {
    const { playback, drawn, pass } = await opened();
    playback.play();
    await pass(2000);
    playback.play();
    await pass(40);
    expect(playback.phase).toBe('playing');
    expect(drawn.at(-1)).toBe(0);
  });

  it('pauses where it is, closes its run, and goes on from there', async () => {
    const { playback, pictures, drawn, pass } = await opened();
    playback.play();
    await pass(540);
    playback.pause();
    await pass(60);
    const { position } = playback;
    expect(pictures.openRuns).toBe(0);
    await pass(600);
    expect(playback.position).toBe(position);
    playback.play();
    await pass(60);
    expect(drawn.at(-1)).toBe(2);
  });

  it('goes on from where it is sought', async () => {
    const { playback, drawn, pass } = await opened();
    playback.play();
    await pass(60);
    playback.seek(0.95);
    await pass(200);
    expect(playback.phase).toBe('playing');
    expect(drawn.at(-1)).toBe(4);
    expect(drawn).not.toContain(2);
  });

  it('waits for a decoder that is too slow instead of leaving pictures out', async () => {
    const parts = await opened();
    const { playback, pictures, drawn, pass } = parts;
    const run = pictures.run.bind(pictures);
    pictures.run = async function* (times, signal) {
      for await (const picture of run(times, signal)) {
        await pass(1000, 1000);
        yield picture;
      }
    };
    playback.play();
    await pass(400, 20);
    expect(drawn).toEqual([0, 0, 1, 2, 3, 4]);
  });

  it('ends, draws nothing more and frees all when the player is closed', async () => {
    const { playback, pictures, drawn, pass } = await opened();
    playback.play();
    await pass(60);
    playback.close();
    const before = drawn.length;
    await pass(1000);
    expect(drawn).toHaveLength(before);
    expect(pictures).toMatchObject({ openRuns: 0, isClosed: true });
  });

  it('says so when reading fails underway', async () => {
    const { playback, pictures, pass } = await opened();
    // biome-ignore lint/correctness/useYield: it fails before it has anything.
    pictures.run = async function* () {
      throw new ActionscopeError('worker-died', 'It is gone.');
    };
    playback.play();
    await pass(60);
    expect(playback).toMatchObject({ phase: 'failed', error: { code: 'worker-died' } });
  });
});
