/** The repository's root: this file, and what it is bundled into, lie two folders below it. */
export const ROOT = new URL('../../', import.meta.url);
