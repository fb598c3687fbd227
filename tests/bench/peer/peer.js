// What one would write first: seek a video, draw it on a canvas, run ONNX Runtime Web from JavaScript, all on the page's own thread.
// It takes the same first look at a clip as Actionscope does, from the same model package, and says how long that took.

import * as ort from './onnxruntime/ort.wasm.min.mjs';

const folder = './model/';
const model = await (await fetch(`${folder}model.json`)).json();
const { backbone, head, temperature } = model.variants[model.default_variant];
const { width, height, mean, std } = model.input;
const { frames: slots } = model.window;
const { rate } = model.sampling;

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL('./onnxruntime/', location.href).href;
const [backboneSession, headSession] = await Promise.all(
  [backbone, head].map(({ file }) => ort.InferenceSession.create(`${folder}${file}`)),
);

const canvas = new OffscreenCanvas(width, height);
const context = canvas.getContext('2d', { willReadFrequently: true });

const happens = (target, event) => new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));

function toTensor({ data }) {
  const area = width * height;
  const values = new Float32Array(3 * area);
  for (let pixel = 0; pixel < area; ++pixel) {
    for (let channel = 0; channel < 3; ++channel) {
      values[channel * area + pixel] = (data[4 * pixel + channel] / 255 - mean[channel]) / std[channel];
    }
  }
  return new ort.Tensor('float32', values, [1, 3, height, width]);
}

async function firstLook(file) {
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
    const pixels = toTensor(context.getImageData(0, 0, width, height));
    const output = await backboneSession.run({ [backbone.input]: pixels });
    features.set(output[backbone.output].data, slot * model.feature_size);
  }
  const window = new ort.Tensor('float32', features, [1, slots, model.feature_size]);
  const logits = (await headSession.run({ [head.input]: window }))[head.output].data;
  const scaled = Array.from(logits, (logit) => Math.exp((logit - Math.max(...logits)) / temperature));
  const total = scaled.reduce((sum, value) => sum + value, 0);
  return scaled.map((value) => value / total);
}

const input = document.querySelector('input');
input.addEventListener('change', async () => {
  const started = performance.now();
  const probabilities = await firstLook(input.files[0]);
  const milliseconds = performance.now() - started;
  document.querySelector('output').textContent = JSON.stringify({ milliseconds, probabilities });
});
document.body.dataset.ready = 'yes';
