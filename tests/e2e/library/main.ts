/** The public library on a bare page, for tests to call: on the files that were chosen, by their names. */

import {
  ActionscopeError,
  type Classifier,
  type ClipResult,
  createClassifier,
  type FrameLayout,
  openPictures,
  type Picture,
  type SampledFrame,
  type Scores,
} from '../../../web/lib/index';
import { measureEngine } from '../../../web/lib/measure_device';
import { copyVideoFrame } from '../../../web/media/video_frame';
import { startEngine } from '../../../web/worker/client';
import { sampleTimes } from '../../web/corpus/corpus_truth';
import { readCode } from '../../web/corpus/frame_code';
import type { Called, Library, ShownOnPage } from './library';

const input = document.querySelector('input') as HTMLInputElement;

function fileOf(name: string): File {
  const found = [...(input.files ?? [])].find((file) => file.name === name);
  if (found === undefined) throw new Error(`${name} was not chosen`);
  return found;
}

/** The outcome of a call as plain data: its value, or the error that a person would be told. */
async function called<T>(call: () => Promise<T>): Promise<Called<T>> {
  try {
    return { value: await call() };
  } catch (reason) {
    if (!(reason instanceof ActionscopeError)) throw reason;
    const { code, message, hint } = reason;
    return { error: { code, message, hint } };
  }
}

/** The bytes of a picture, which is freed. */
async function bytesOf({ frame }: Picture): Promise<{ bytes: Uint8Array; layout: FrameLayout }> {
  if ('buffer' in frame) return { bytes: new Uint8Array(frame.buffer), layout: frame.layout };
  let bytes = new Uint8Array();
  const layout = await copyVideoFrame(frame, (size) => {
    bytes = new Uint8Array(size);
    return bytes;
  });
  frame.close();
  return { bytes, layout };
}

async function shown(picture: Picture): Promise<ShownOnPage> {
  const { time, timestamp } = picture;
  const { bytes, layout } = await bytesOf(picture);
  const { format, matrix, range } = layout;
  const planar = format === 'I420' || format === 'NV12';
  return { time, timestamp, code: readCode(bytes, layout), colors: planar ? { matrix, range } : null };
}

let classifier: Promise<Classifier> | undefined;

/** The classifier, loaded when first asked for. */
function loaded(): Promise<Classifier> {
  classifier ??= createClassifier();
  return classifier;
}

const library: Library = {
  pictures: (name, { strictlyAt } = {}) =>
    called(async () => {
      const pictures = await openPictures(fileOf(name));
      const { description } = pictures;
      const all: ShownOnPage[] = [];
      if (strictlyAt === undefined) {
        for await (const picture of pictures.run(sampleTimes(description.duration))) all.push(await shown(picture));
      } else {
        for (const time of strictlyAt) {
          const picture = await pictures.at(time);
          if (picture !== null) all.push(await shown(picture));
        }
      }
      await pictures.close();
      return { description, shown: all };
    }),

  classify: (name) => called(async () => (await loaded()).classifyVideo(fileOf(name))),

  classifyWith: (workers, names) =>
    called(async () => {
      const own = await createClassifier({ workers });
      try {
        const results: ClipResult[] = [];
        const before = performance.now();
        // Workers join in the background.
        while ((await own.memory()).length < workers && performance.now() < before + 30_000) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        for (const name of names) results.push(await own.classifyVideo(fileOf(name)));
        return { results, memory: await own.memory() };
      } finally {
        await own.close();
      }
    }),

  framesPerSecond: (workers) =>
    called(async () => {
      const engine = await startEngine({ model: new URL('models/ucf11/', location.href).href }, workers);
      try {
        return (await measureEngine(engine, new AbortController().signal)).rate;
      } finally {
        await engine.close();
      }
    }),

  firstLook: (name) =>
    called(async () => {
      const stop = new AbortController();
      const ready = await loaded();
      let run: Promise<unknown> = Promise.resolve();
      const samples = await new Promise<SampledFrame[]>((resolve, reject) => {
        const onFirst = (_: Scores, at: SampledFrame[]) => resolve(at);
        run = ready.classifyVideo(fileOf(name), { signal: stop.signal, onFirst }).catch(reject);
      });
      stop.abort();
      await run;
      return samples;
    }),

  cancelled: (name, after) =>
    called(async () => {
      const stop = new AbortController();
      const pictures = await openPictures(fileOf(name));
      let stopped = Number.NaN;
      setTimeout(() => {
        stopped = performance.now();
        stop.abort();
      }, after);
      try {
        await pictures.at(pictures.description.duration, stop.signal);
        throw new Error('it ended before it could be cancelled');
      } catch (reason) {
        if (!(reason instanceof ActionscopeError) || reason.code !== 'cancelled') throw reason;
        return performance.now() - stopped;
      } finally {
        await pictures.close();
      }
    }),
};

Object.assign(globalThis, { library });
