/**
 * What one would write first: seek a video, draw it on a canvas, run a model from JavaScript, all on the page's own thread.
 * It takes the same first look at a clip as Actionscope does, from the same model package, and says how long that took.
 */

import { readModel } from '../browser/model';
import { type Layout, normalised } from '../browser/normalised';

/** Whatever runs the model. */
export interface Recogniser {
  layout: Layout;
  /** @param frame normalised, of that layout */
  features(frame: Float32Array): Float32Array | Promise<Float32Array>;
  logits(features: Float32Array): Float32Array | Promise<Float32Array>;
}

export interface Look {
  milliseconds: number;
  probabilities: number[];
}

type Model = Awaited<ReturnType<typeof readModel>>;

const happens = (target: EventTarget, event: string) =>
  new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));

async function firstLook(model: Model, recogniser: Recogniser, context: OffscreenCanvasRenderingContext2D, file: File) {
  const { width, height } = model.input;
  const { rate } = model.sampling;
  const slots = model.window.frames;
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(file);
  await happens(video, 'loadeddata');
  const samples = Math.max(1, Math.ceil(video.duration * rate - 0.5 - 1e-6));
  const features = new Float32Array(slots * model.feature_size);
  for (let slot = 0; slot < slots; ++slot) {
    const sought = happens(video, 'seeked');
    video.currentTime = (Math.floor(((slot + 0.5) * samples) / slots) + 0.5) / rate;
    await sought;
    context.drawImage(video, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    features.set(
      await recogniser.features(normalised(data, 4, model.input, recogniser.layout)),
      slot * model.feature_size,
    );
  }
  const logits = await recogniser.logits(features);
  const scaled = Array.from(logits, (logit) => Math.exp((logit - Math.max(...logits)) / model.variant.temperature));
  const total = scaled.reduce((sum, value) => sum + value, 0);
  return scaled.map((value) => value / total);
}

/** Looks at each video that is chosen; ready once this resolves. */
export async function offerFirstLook(open: (model: Model) => Promise<Recogniser>): Promise<void> {
  const model = await readModel();
  const recogniser = await open(model);
  const canvas = new OffscreenCanvas(model.input.width, model.input.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const input = document.querySelector('input');
  const output = document.querySelector('output');
  if (context === null || input === null || output === null) throw new Error('the page lacks a part');
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    if (file === undefined) return;
    const started = performance.now();
    const probabilities = await firstLook(model, recogniser, context, file);
    const look: Look = { milliseconds: performance.now() - started, probabilities };
    output.textContent = JSON.stringify(look);
  });
  document.body.dataset.ready = 'yes';
}
