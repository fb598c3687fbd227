import { describe, expect, it } from 'vitest';
import { asError, noticeOf } from '../../../web/app/text/notices';
import { ActionscopeError } from '../../../web/lib/errors';

describe('noticeOf', () => {
  it("shows the error's own words and hint", () => {
    const error = new ActionscopeError('codec-unsupported', 'This browser does not play HEVC.', 'Convert it.');
    expect(noticeOf(error)).toEqual({
      title: 'This browser does not play HEVC.',
      advice: 'Convert it.',
      code: 'codec-unsupported',
    });
  });

  it('still says what to do where the error has no hint', () => {
    expect(noticeOf(new ActionscopeError('camera-busy', 'The camera is busy.')).advice).toBe(
      'Close the other program that uses the camera, then try again.',
    );
  });

  it('is plain about what nobody foresaw, and keeps its words as the code to quote', () => {
    const notice = noticeOf(new TypeError('x is undefined'));
    expect(notice.title).toBe('Something went wrong that was not foreseen.');
    expect(notice.code).toBe('TypeError: x is undefined');
  });
});

describe('asError', () => {
  it('leaves errors alone and wraps all else', () => {
    const error = new Error('as it is');
    expect(asError(error)).toBe(error);
    expect(asError('only words')).toEqual(new Error('only words'));
  });
});
