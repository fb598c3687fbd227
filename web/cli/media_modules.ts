import { LazyModule } from '../worker/media_module';
import { readBytes } from './read_bytes';
import { ROOT } from './root';

const wasm = (name: string) => new URL(`build/wasm/src/wasm/${name}.wasm`, ROOT);

/** Our FFmpeg modules in Node, each loaded when it is first needed. */
export interface MediaModules {
  /** Every decoder but that of HEVC. */
  usual: LazyModule;
  hevc: LazyModule;
}

export const mediaModules = (): MediaModules => ({
  usual: new LazyModule(
    () => import('../../build/wasm/src/wasm/actionscope_media.mjs'),
    wasm('actionscope_media'),
    readBytes,
  ),
  hevc: new LazyModule(
    () => import('../../build/wasm/src/wasm/actionscope_media_hevc.mjs'),
    wasm('actionscope_media_hevc'),
    readBytes,
  ),
});
