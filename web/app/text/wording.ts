/** What scores say, in words. */
import type { ClipDescription, ClipResult, ModelDescription, Scores } from '../../lib/types';
import { formatBytes, formatCount, formatPercent, formatTime } from './format';

/** The two parts of an answer as the page sets them: a small lead and the large headline. Read in turn they are one sentence. */
export interface AnswerWords {
  /** Empty when the model is sure. */
  lead: string;
  headline: string;
}

export function titleOf(model: ModelDescription, label: string): string {
  return model.labels.find(({ id }) => id === label)?.title ?? label;
}

/** Number of actions that a model tells apart, "none of these" not counted. */
export function actionsOf(model: ModelDescription) {
  return model.labels.filter(({ id }) => id !== model.noneLabel);
}

export function answerWords(scores: Pick<Scores, 'answer' | 'sure'>, model: ModelDescription): AnswerWords {
  const isNone = scores.answer === model.noneLabel;
  if (scores.sure) {
    return { lead: '', headline: isNone ? 'None of these actions' : titleOf(model, scores.answer) };
  }
  return { lead: 'Not sure: maybe', headline: isNone ? 'none of these actions' : titleOf(model, scores.answer) };
}

/** The answer with its confidence in one line, for titles, lists and announcements: `Not sure: maybe Biking, 38%`. */
export function answerLine(scores: Pick<Scores, 'answer' | 'sure' | 'confidence'>, model: ModelDescription): string {
  const { lead, headline } = answerWords(scores, model);
  return `${lead === '' ? '' : `${lead} `}${headline}, ${formatPercent(scores.confidence)}`;
}

/** What the first look had said, where the answer came out different; else empty. */
export function changeOfMind(result: ClipResult, model: ModelDescription): string {
  return result.first.answer === result.answer ? '' : `The first look had said: ${answerLine(result.first, model)}.`;
}

/** What a person should know about how much of the clip the answer covers; empty when it covers all of it. */
export function coverageNotes(result: ClipResult): string[] {
  const notes: string[] = [];
  if (result.endedEarly) {
    const last = result.samples.at(-1)?.time ?? 0;
    notes.push(
      `The file ends early: it announces ${formatTime(result.file.duration)}, but nothing could be read after ` +
        `${formatTime(last)}. The answer covers what could be read.`,
    );
  }
  if (result.partial) {
    notes.push(
      `A long clip: ${formatCount(result.windows.length, 'window')} spread evenly over ` +
        `${formatTime(result.file.duration)} were looked at, not every moment of it.`,
    );
  }
  return notes;
}

/** Size, length and picture of a clip: `4.31 MB · 0:10.0 · 320 × 240`. Before the clip is open only its size is known. */
export function clipFacts(size: number, clip: ClipDescription | null): string {
  const facts = [formatBytes(size)];
  if (clip !== null) {
    facts.push(Number.isFinite(clip.duration) ? formatTime(clip.duration) : 'length unknown');
    facts.push(`${clip.width} × ${clip.height}`);
  }
  return facts.join(' · ');
}
