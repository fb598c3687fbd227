/** Errors of files that more than one source meets. */

import { ActionscopeError } from '../lib/errors';

/** Pixels a side that a picture may have. */
const LARGEST_SIDE = 8192;

export const emptyFile = () => new ActionscopeError('file-empty', 'This file is empty.', 'Copy or download it again.');

export const unreadable = () =>
  new ActionscopeError(
    'file-unreadable',
    'This file can no longer be read.',
    'It may have been moved, changed, deleted or locked: choose it again.',
  );

export const damaged = () =>
  new ActionscopeError(
    'file-corrupt',
    'This file is damaged or incomplete.',
    'Copy or download it again, and check that it plays in a video player.',
  );

export const undecodable = () =>
  new ActionscopeError(
    'file-corrupt',
    'No picture of this video could be decoded.',
    'Copy or download it again, and check that it plays in a video player.',
  );

export const soundOnly = () =>
  new ActionscopeError('no-video-track', 'This file has sound but no picture.', 'Choose a file with a video in it.');

const tooLarge = (width: number, height: number) =>
  new ActionscopeError(
    'frame-too-large',
    `The picture is too large: ${width} x ${height} pixels, and at most ${LARGEST_SIDE} a side can be read.`,
    'Convert it to a smaller size and try again.',
  );

/** Throws `frame-too-large`. */
export function requireSize(width: number, height: number): void {
  if (width > LARGEST_SIDE || height > LARGEST_SIDE) throw tooLarge(width, height);
}

/** Whether a browser's failure means that a file was moved, changed, deleted or locked since it was chosen. */
export function isGone(reason: unknown): boolean {
  return reason instanceof DOMException && ['NotReadableError', 'NotFoundError'].includes(reason.name);
}
