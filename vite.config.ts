// Builds the page into dist/: a folder for any static host, at any address.

import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, defineConfig, type Plugin, type Rolldown } from 'vite';
// With its ending: so Vite asks for it in what it reads before it builds anything.
import { graphsNamedIn } from './web/worker/early_graphs.ts';

const root = import.meta.dirname;

/** The model that the page loads. */
const MODEL = 'models/ucf11';

/** The files of a model package keep their names: model.json names them. What lies in folders beside them is no part of it. */
function modelPackage(folder: string): Plugin {
  return {
    name: 'actionscope-model-package',
    generateBundle() {
      // A worker is a build of its own; the files are needed once.
      if (this.environment.config.isWorker) return;
      for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const fileName = `${folder}/${entry.name}`;
        this.emitFile({ type: 'asset', fileName, source: readFileSync(join(root, fileName)) });
      }
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${folder}`, (request, response, next) => {
        const file = join(root, folder, new URL(request.url ?? '/', 'file:///').pathname);
        if (!existsSync(file) || !statSync(file).isFile()) return next();
        createReadStream(file).pipe(response);
      });
    },
  };
}

/**
 * Builds start.ts as a classic script, and tells it, where the HTML asks for them with empty attributes, the addresses of the engine's
 * worker (`data-engine`) and of the model (`data-model`), and that model's graphs (`data-graphs`).
 */
function startScript(model: string): Plugin {
  const entry = join(root, 'web/app/start.ts');
  return {
    name: 'actionscope-start-script',
    async generateBundle() {
      if (this.environment.config.isWorker) return;
      const lib = { entry, formats: ['iife' as const], name: 'start' };
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        build: { lib, write: false, target: 'es2015', minify: true },
      });
      const [script] = (built as Rolldown.RolldownOutput[])[0]?.output ?? [];
      if (script === undefined) throw new Error('start.ts did not build');
      this.emitFile({ type: 'asset', fileName: 'start.js', source: script.code });
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) => {
        const worker = Object.keys(bundle).find((file) => /^assets.entry-/.test(file));
        if (worker === undefined) throw new Error("the engine's worker is not among the files that were built");
        const graphs = JSON.stringify(graphsNamedIn(readFileSync(join(root, model, 'model.json'), 'utf8')));
        const told = { engine: `./${worker}`, model: `${model}/`, graphs };
        return Object.entries(told).reduce(
          (page, [name, value]) => page.replace(new RegExp(`data-${name}(="")?(?=[ >])`), `data-${name}='${value}'`),
          html,
        );
      },
    },
  };
}

/** The licence and the notices that the page links to. */
function notices(files: Record<string, string>): Plugin {
  return {
    name: 'actionscope-notices',
    generateBundle() {
      if (this.environment.config.isWorker) return;
      for (const [fileName, file] of Object.entries(files)) {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(join(root, file)) });
      }
    },
  };
}

const bytesOf = (file: string) => JSON.stringify(statSync(join(root, file)).size);

export default defineConfig({
  root: join(root, 'web/app'),
  base: './',
  build: {
    outDir: join(root, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    // Everything is a file of its own: the policy allows no data: addresses but for pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'bench.html'].map((page) => join(root, 'web/app', page)),
      // One file of all that the pages share, instead of many small ones.
      output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] } },
    },
  },
  // Emscripten's module asks for Node's “module” where it runs in Node, and only there.
  worker: { format: 'es', rolldownOptions: { external: ['module'] } },
  define: {
    __SIMD_WASM_BYTES__: bytesOf('build/wasm/src/wasm/actionscope.wasm'),
    __RELAXED_WASM_BYTES__: bytesOf('build/wasm/src/wasm/actionscope_relaxed.wasm'),
    __ONNXRUNTIME_WASM_BYTES__: bytesOf('node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'),
  },
  plugins: [
    startScript(MODEL),
    modelPackage(MODEL),
    notices({
      'LICENSE.txt': 'LICENSE',
      'THIRD-PARTY-NOTICES.txt': 'NOTICE.md',
      'FFMPEG.txt': 'build/wasm/src/wasm/FFMPEG.txt',
    }),
  ],
});
