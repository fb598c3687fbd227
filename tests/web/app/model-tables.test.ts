import { describe, expect, it } from 'vitest';
import { judgedSets } from '../../../web/app/state/figure-sets';
import {
  countTable,
  partTable,
  setTable,
  spreadTable,
  type TableContent,
  variantTable,
} from '../../../web/app/text/model-tables';
import { parseReport } from '../../../web/lib/report';
import { sampleReport } from '../lib/sample_report';
import { model } from './samples';

const report = parseReport(JSON.stringify(sampleReport()));

/** Every row has a cell for each column. */
const isRectangular = ({ columns, rows }: TableContent) => rows.every(({ cells }) => cells.length === columns.length);

describe('setTable', () => {
  it('tells each figure with its interval', () => {
    const table = setTable(judgedSets(report));
    expect(isRectangular(table)).toBe(true);
    expect(table.rows[0]).toEqual({
      title: 'Clips',
      cells: [
        '13',
        { text: '85%', detail: '60 to 95%' },
        { text: '77%', detail: '50 to 90%' },
        '73%',
        '7',
        { text: '86%', detail: '48 to 97%' },
        { text: '7%', detail: '3 to 20%' },
      ],
    });
  });

  it('has no column for what no set tells', () => {
    const plain = judgedSets(report).map((one) => ({ ...one, figures: { ...one.figures, macroWithNone: null } }));
    const table = setTable(plain);
    expect(isRectangular(table)).toBe(true);
    expect(table.columns).not.toContain('The same, every action weighing as much');
  });
});

describe('partTable', () => {
  it('has a dash where a part was not judged', () => {
    const table = partTable(report.parts);
    expect(isRectangular(table)).toBe(true);
    expect(table.rows[1]).toEqual({
      title: 'Fine-tuned backbone, LSTM',
      cells: ['85%', '77%', '86%', '–', '–', '–'],
    });
  });

  it('leaves out stills where no part was judged by them', () => {
    const table = partTable(report.parts.map((part) => ({ ...part, stills: null })));
    expect(isRectangular(table)).toBe(true);
    expect(table.columns).toHaveLength(3);
  });
});

it('spreadTable leaves out what was done once', () => {
  const table = spreadTable(report.spread);
  expect(isRectangular(table)).toBe(true);
  expect(table.rows).toEqual([
    { title: 'The whole training', cells: ['3', '84.0 ± 1.2%', '84.0 ± 1.2%', '84.0 ± 1.2%'] },
  ]);
  expect(spreadTable({ backbone: null, head: null }).rows).toEqual([]);
});

describe('countTable', () => {
  it("goes in the model's order, unknown labels last, and sums up", () => {
    const unknown = { label: 'chess', trainClips: 1, trainStills: 2, devClips: 3, devStills: 4 };
    const table = countTable([unknown, ...report.data.counts].reverse(), model);
    expect(isRectangular(table)).toBe(true);
    expect(table.rows.map(({ title }) => title)).toEqual(['Biking', 'Golf swing', 'None of these', 'chess', 'All']);
    expect(table.rows.at(-1)).toEqual({ title: 'All', cells: ['83', '492', '23', '106'], isTotal: true });
  });
});

it('variantTable tells which form is at work, and how large each is', () => {
  const variants = [
    { name: 'fp32', bytes: 10_200_000 },
    { name: 'int8', bytes: 2_700_000 },
  ];
  const table = variantTable({ ...model, variant: 'int8', variants });
  expect(isRectangular(table)).toBe(true);
  expect(table.rows).toEqual([
    { title: 'fp32', cells: ['10.2\u202fMB', 'No'] },
    { title: 'int8', cells: ['2.70\u202fMB', 'Yes'] },
  ]);
});
