import { expect, it } from 'vitest';
import { judgedSets, mainSets } from '../../../web/app/state/figure-sets';
import { parseReport } from '../../../web/lib/report';
import { sampleReport } from '../lib/sample_report';

it('the sets of a report are named, answers first', () => {
  expect(judgedSets(parseReport(JSON.stringify(sampleReport()))).map(({ title }) => title)).toEqual([
    'Clips',
    'Clips, the first look',
    'Stills',
    'Stills: middle frames of clips',
    'Stills: photographs',
  ]);
});

it('a set that is not told of is left out', () => {
  const { clips, first_look_clips, ...rest } = sampleReport();
  const sets = judgedSets(parseReport(JSON.stringify(rest)));
  expect(sets.map(({ set }) => set)).toEqual(['stills', 'mid_frames', 'photographs']);
  expect(mainSets(sets).map(({ set }) => set)).toEqual(['stills']);
});
