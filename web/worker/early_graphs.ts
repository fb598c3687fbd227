/** Asks for a package's graphs before the core has read model.json, and even before that is there. */

import type { ModelPackage } from './package_files';
import type { GraphFile } from './wasm_module';

/** What model.json seems to say: the core has not checked it yet. */
interface Guess {
  default_variant?: unknown;
  variants?: Record<string, { backbone?: Partial<GraphFile>; head?: Partial<GraphFile> } | undefined>;
}

interface EarlyRead {
  bytes: Promise<Uint8Array<ArrayBuffer>>;
  /** Tells how many have come so far, and from then on of every portion. */
  tell(onBytes: (bytes: number) => void): void;
}

/** A file beside model.json, and nothing that leads elsewhere. */
const PLAIN_NAME = /^\w[\w.-]*$/;

function isPlain(graph: Partial<GraphFile> | undefined): graph is GraphFile {
  const { file, sha256, bytes } = graph ?? {};
  return typeof file === 'string' && PLAIN_NAME.test(file) && typeof sha256 === 'string' && typeof bytes === 'number';
}

/** The graphs that a variant, or else the usual one, seems to have; none where model.json cannot be right. Never throws. */
export function graphsNamedIn(json: string, variant?: string): GraphFile[] {
  try {
    const { default_variant: usual, variants } = JSON.parse(json) as Guess;
    const { backbone, head } = variants?.[variant ?? String(usual)] ?? {};
    return [backbone, head].filter(isPlain).map(({ file, bytes, sha256 }) => ({ file, bytes, sha256 }));
  } catch {
    // The core will say what is wrong with it.
    return [];
  }
}

const keyOf = ({ file, sha256 }: GraphFile) => `${sha256} ${file}`;

/** Reads graphs of a package by name, those already that were asked for early. */
export class EarlyGraphs {
  readonly #reads = new Map<string, EarlyRead>();

  constructor(private readonly files: ModelPackage) {}

  /** Begins to read those that it has not begun with. Never throws. */
  begin(graphs: GraphFile[]): void {
    for (const graph of graphs) {
      const key = keyOf(graph);
      if (!this.#reads.has(key)) this.#reads.set(key, this.#begin(graph));
    }
  }

  /** Like ModelPackage.readGraphFile. */
  read(graph: GraphFile, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
    const early = this.#reads.get(keyOf(graph));
    if (early === undefined) return this.files.readGraphFile(graph, onBytes);
    early.tell(onBytes);
    return early.bytes;
  }

  #begin(graph: GraphFile): EarlyRead {
    let untold = 0;
    let listener: (bytes: number) => void = (bytes) => {
      untold += bytes;
    };
    const bytes = this.files.readGraphFile(graph, (count) => listener(count));
    // Whoever asks for it hears why it failed; perhaps nobody does.
    bytes.catch(() => undefined);
    return {
      bytes,
      tell: (onBytes) => {
        onBytes(untold);
        listener = onBytes;
      },
    };
  }
}
