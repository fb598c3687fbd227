/** The sets of items that a model is judged on, as the page names them. */

import { FIGURE_SETS, type FigureSet, type Figures, type ModelReport } from '../../lib/report';

/** What an item of a set is called: one and many of them. */
export type ItemWords = readonly [one: string, many: string];

export interface JudgedSet {
  set: FigureSet;
  title: string;
  items: ItemWords;
  figures: Figures;
}

const CLIPS: ItemWords = ['clip', 'clips'];
const STILLS: ItemWords = ['still', 'stills'];

const WORDS: Record<FigureSet, { title: string; items: ItemWords }> = {
  clips: { title: 'Clips', items: CLIPS },
  first_look_clips: { title: 'Clips, the first look', items: CLIPS },
  stills: { title: 'Stills', items: STILLS },
  mid_frames: { title: 'Stills: middle frames of clips', items: STILLS },
  photographs: { title: 'Stills: photographs', items: STILLS },
};

/** All sets that a report tells of. */
export function judgedSets({ figures }: ModelReport): JudgedSet[] {
  return FIGURE_SETS.flatMap((set) => {
    const one = figures[set];
    return one === undefined ? [] : [{ set, ...WORDS[set], figures: one }];
  });
}

/** Those among which a person chooses what to see class by class: answers of clips and of stills. */
export function mainSets(sets: readonly JudgedSet[]): JudgedSet[] {
  return sets.filter(({ set }) => set === 'clips' || set === 'stills');
}
