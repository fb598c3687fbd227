/** The model that the page comes with: what tests need to know of it. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const model = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../models/ucf11/model.json', import.meta.url)), 'utf8'),
);

/** The variant that the page takes. */
export const VARIANT: string = model.default_variant;

/** The names of its files. */
export const BACKBONE: string = model.variants[VARIANT].backbone.file;
export const HEAD: string = model.variants[VARIANT].head.file;
