import { expect, it } from 'vitest';
import { visitFrames } from '../../../web/app/state/thumbnails';
import { FakePictures, numberOf } from './fake-pictures';

const pictures = () => new FakePictures([0, 1, 2, 3], 4);

it('draws the picture of each time', async () => {
  const drawn: [number, number][] = [];
  await visitFrames(
    pictures(),
    [0.5, 1.5, 3.9],
    (index, frame) => drawn.push([index, numberOf(frame)]),
    new AbortController().signal,
  );
  expect(drawn).toEqual([
    [0, 0],
    [1, 1],
    [2, 3],
  ]);
});

it('draws the same picture again for equal times, and none where there is none', async () => {
  const clip = pictures();
  const run = clip.run.bind(clip);
  clip.run = async function* (times, signal) {
    for await (const picture of run(times, signal)) if (picture.time !== 2) yield picture;
  };
  const drawn: [number, number][] = [];
  const draw = (index: number, frame: Parameters<typeof numberOf>[0]) => drawn.push([index, numberOf(frame)]);
  await visitFrames(clip, [1, 1, 2, 3], draw, new AbortController().signal);
  expect(drawn).toEqual([
    [0, 1],
    [1, 1],
    [3, 3],
  ]);
});

it('draws nothing more once it is cancelled', async () => {
  const stopping = new AbortController();
  const drawn: number[] = [];
  const visit = visitFrames(
    pictures(),
    [0.5, 1.5],
    (index) => {
      drawn.push(index);
      stopping.abort();
    },
    stopping.signal,
  );
  await expect(visit).rejects.toThrow();
  expect(drawn).toEqual([0]);
});
