/** The media worker's own half: it takes files apart and decodes them. Started by media_client.ts. */

import * as Comlink from 'comlink';
import mediaWasm from '../../build/wasm/src/wasm/actionscope_media.wasm?url';
import hevcWasm from '../../build/wasm/src/wasm/actionscope_media_hevc.wasm?url';
import { LEFT_TO_BROWSERS } from '../media/codec_names';
import { openFfmpeg } from '../media/ffmpeg_reader';
import { openImageDecoder } from '../media/image_decoder';
import { type Opener, openFirst } from '../media/open_source';
import { Unsuited } from '../media/unsuited';
import { openWebCodecs } from '../media/webcodecs';
import type { Greeting } from './answer';
import { fetchBytes } from './fetch_bytes';
import { MediaHost } from './media_host';
import { LazyModule } from './media_module';
import { readableBlob } from './readable_blob';

const here = import.meta.url;
const media = new LazyModule(
  () => import('../../build/wasm/src/wasm/actionscope_media.mjs'),
  new URL(mediaWasm, here),
  fetchBytes,
);
const hevc = new LazyModule(
  () => import('../../build/wasm/src/wasm/actionscope_media_hevc.mjs'),
  new URL(hevcWasm, here),
  fetchBytes,
);

const openIn =
  (lazy: LazyModule): Opener =>
  async (file, signal) =>
    openFfmpeg(await lazy.loaded(), readableBlob(file), signal);

const openMedia: Opener = (file, signal, codec) => {
  // Then it need not be fetched: the page's own player may manage, or, for HEVC, the other module.
  if (codec !== null && LEFT_TO_BROWSERS.includes(codec)) throw new Unsuited(codec);
  return openIn(media)(file, signal, codec);
};

const host = new MediaHost({
  open: (file, decoders, signal) =>
    openFirst(decoders === 'hevc' ? [openIn(hevc)] : [openImageDecoder, openWebCodecs, openMedia], file, signal),
  moduleHandles: () => media.liveHandles() + hevc.liveHandles(),
});

Comlink.expose(host);
const greeting: Greeting = { state: 'listening' };
self.postMessage(greeting);
