import { describe, expect, it } from 'vitest';
import { selectRows } from '../../../web/cli/evaluate';
import { UsageError } from '../../../web/cli/usage_error';

const LABELS = ['biking', 'none'];
const header = 'path,label,kind,split\n';

describe('the rows of a manifest', () => {
  it('are those of the wanted split, clips unless they say otherwise', () => {
    const csv = `${header}a.mp4,biking,clip,dev\nb.jpg,none,still,dev\nc.mp4,none,clip,train\n`;
    expect(selectRows(csv, 'dev', LABELS)).toEqual([
      { path: 'a.mp4', label: 'biking', kind: 'clip' },
      { path: 'b.jpg', label: 'none', kind: 'still' },
    ]);
    expect(selectRows(csv, undefined, LABELS)).toHaveLength(3);
    expect(selectRows('path,label\na.mp4,biking\n', undefined, LABELS)[0]?.kind).toBe('clip');
  });

  it.each([
    [`${header},biking,clip,dev\n`, 'row 2 has no path'],
    [`${header}a.mp4,biking,clip,dev\nb.mp4,flying,clip,dev\n`, 'row 3 has the label “flying”'],
    [`${header}a.mp4,biking,song,dev\n`, 'row 2 is of the kind “song”'],
  ])('that are wrong are named', (csv, words) => {
    expect(() => selectRows(csv, 'dev', LABELS)).toThrow(UsageError);
    expect(() => selectRows(csv, 'dev', LABELS)).toThrow(words);
  });

  it('of other splits may be of any label', () => {
    expect(selectRows(`${header}a.mp4,flying,clip,train\n`, 'dev', LABELS)).toEqual([]);
  });
});
