/** The model that the page comes with: what tests need to know of it. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Its model.json. */
export const MODEL = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../models/ucf11/model.json', import.meta.url)), 'utf8'),
);

/** For servePage: the model with another model.json. */
export const withModel = (changes: object) => (path: string) =>
  path.startsWith('models/ucf11/model.json')
    ? { status: 200, body: JSON.stringify({ ...MODEL, ...changes }) }
    : undefined;

/** The variant that the page takes. */
export const VARIANT: string = MODEL.default_variant;

/** The names of its files. */
export const BACKBONE: string = MODEL.variants[VARIANT].backbone.file;
export const HEAD: string = MODEL.variants[VARIANT].head.file;
