/** Says that a source is not for this file, which is no fault of the file: the next one is to be tried. */
export class Unsuited extends Error {
  /** `codec`: that of the file, in words, where it is known already. */
  constructor(readonly codec: string | null = null) {
    super('unsuited');
  }
}
