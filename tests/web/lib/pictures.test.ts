import { describe, expect, it } from 'vitest';
import { SourcePictures } from '../../../web/lib/pictures';
import { FakeSource } from './fakes';

const file = { name: 'a.avi', size: 5 };

function picturesOver(source: FakeSource) {
  return new SourcePictures(source, file);
}

describe('pictures of a file', () => {
  it('are described as results describe the file', () => {
    const source = new FakeSource(4);
    expect(picturesOver(source).description).toEqual({ ...file, ...source.description });
  });

  it('come one at a time, with the time asked for and their own', async () => {
    const source = new FakeSource(4);
    const picture = await picturesOver(source).at(2);
    expect(picture).toMatchObject({ time: 2, timestamp: expect.closeTo(1.99, 6) });
    expect(source.delivered[0]?.closed, 'it is for whoever asked to free it').toBe(false);
  });

  it('are none behind the end', async () => {
    expect(await picturesOver(new FakeSource(4, false, 3)).at(3.5)).toBeNull();
  });

  it('come in a run, as they are pulled', async () => {
    const source = new FakeSource(4);
    for await (const { time } of picturesOver(source).run([0, 1, 2, 3])) {
      if (time === 1) break;
    }
    expect(source.delivered).toHaveLength(2);
  });

  it('whose time was not named have their own', async () => {
    const source = new FakeSource(4);
    source.frames = async function* () {
      yield { sample: 0, timestamp: 1, frame: {} as VideoFrame };
      yield { sample: 1, timestamp: 1.04, frame: {} as VideoFrame };
    };
    const times: number[] = [];
    for await (const { time } of picturesOver(source).run([1.01, Number.NaN])) times.push(time);
    expect(times).toEqual([1.01, 1.04]);
  });

  it('stop when the signal is given, and the one that has just come is freed', async () => {
    const source = new FakeSource(4);
    const stop = new AbortController();
    const run = picturesOver(source).run([0, 1], stop.signal);
    stop.abort();
    await expect(run.next()).rejects.toMatchObject({ code: 'cancelled' });
    expect(source.delivered.every(({ closed }) => closed)).toBe(true);
  });

  it('close their source', async () => {
    const source = new FakeSource(4);
    await picturesOver(source).close();
    expect(source.closed).toBe(true);
  });
});
