import { expect, it } from 'vitest';
import { readCsv } from '../../../web/cli/csv';

it('reads rows by the names of the header', () => {
  expect(readCsv('path,label\na.mp4,biking\nb.mp4,none\n')).toEqual([
    { path: 'a.mp4', label: 'biking' },
    { path: 'b.mp4', label: 'none' },
  ]);
});

it('reads quoted fields with commas, quotes and line ends', () => {
  expect(readCsv('path,note\n"a, b.mp4","said ""no""\nand left"\n')).toEqual([
    { path: 'a, b.mp4', note: 'said "no"\nand left' },
  ]);
});

it('reads what other systems write: a byte order mark, CR LF, no line end at the end, empty lines', () => {
  expect(readCsv('\uFEFFpath,label\r\na,\r\n\r\nb,x')).toEqual([
    { path: 'a', label: '' },
    { path: 'b', label: 'x' },
  ]);
});

it('takes missing fields as empty, and a last comma as an empty field', () => {
  expect(readCsv('a,b,c\n1\n1,2,')).toEqual([
    { a: '1', b: '', c: '' },
    { a: '1', b: '2', c: '' },
  ]);
});

it('gives no rows for an empty text, and for a header alone', () => {
  expect(readCsv('')).toEqual([]);
  expect(readCsv('path,label\n')).toEqual([]);
});

it('names the row whose quote does not end', () => {
  expect(() => readCsv('a,b\n1,"2\n')).toThrow('row 2');
});
