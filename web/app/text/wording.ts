/** What scores say, in words. */
import type { ClipDescription, ClipResult, FrameSourceName, ModelDescription, Scores } from '../../lib/types';
import { formatBytes, formatCount, formatPercent, formatTime } from './format';

/** The words for whatever is no action of the model, or not surely one. */
const NONE_OF_THESE = 'None of these';

/** An answer as the page sets it: the large headline, and a small line that goes on from it. */
export interface AnswerWords {
  headline: string;
  /** The action that came closest, with its confidence, where it does not reach the threshold; else empty. */
  closest: string;
}

export function titleOf(model: ModelDescription, label: string): string {
  return model.labels.find(({ id }) => id === label)?.title ?? label;
}

/** Number of actions that a model tells apart, "none of these" not counted. */
export function actionsOf(model: ModelDescription) {
  return model.labels.filter(({ id }) => id !== model.noneLabel);
}

/** What is shown: below the threshold an action is none of these, as `shown` of the command line's evaluation counts it. */
export function answerWords(
  scores: Pick<Scores, 'answer' | 'sure' | 'confidence'>,
  model: ModelDescription,
): AnswerWords {
  if (scores.answer === model.noneLabel) {
    return { headline: NONE_OF_THESE, closest: '' };
  }
  const title = titleOf(model, scores.answer);
  return scores.sure
    ? { headline: title, closest: '' }
    : { headline: NONE_OF_THESE, closest: `closest: ${title}, ${formatPercent(scores.confidence)}` };
}

/** The answer with its confidence in one line, for titles, lists and announcements: `None of these, closest: Biking, 38%`. */
export function answerLine(scores: Pick<Scores, 'answer' | 'sure' | 'confidence'>, model: ModelDescription): string {
  const { headline, closest } = answerWords(scores, model);
  return `${headline}, ${closest === '' ? formatPercent(scores.confidence) : closest}`;
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
  if (result.firstLookSnapped) {
    notes.push(
      'The first look used key frames only: the frames nearest to its moments that a long file gives up quickly. ' +
        'The answer looked at the exact moments.',
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

/** Who read a file, to go behind its kind: `AVI, MPEG-4 Part 2, read by ...`. */
const READERS: Record<FrameSourceName, string> = {
  webcodecs: 'decoded by this browser',
  'ffmpeg-webcodecs': "unpacked by Actionscope's own reader, decoded by this browser",
  'ffmpeg-module': "read by Actionscope's own reader",
  'video-element': 'played by this browser',
  'image-decoder': 'decoded by this browser',
  ffmpeg: 'read by ffmpeg',
};

/** What kind of file it is and what read it, as far as that is known. */
export function originOf({ container, codec, source }: ClipDescription): string {
  const words = [container, codec, READERS[source]].filter((word) => word !== null).join(', ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Size, length and picture of a clip: `4.31 MB · 0:10.0 · 320 × 240`. Before the clip is open only its size is known. */
export function clipFacts(size: number, clip: ClipDescription | null): string {
  const facts = [formatBytes(size)];
  if (clip !== null) {
    facts.push(lengthOf(clip), `${clip.width} × ${clip.height}`);
  }
  return facts.join(' · ');
}

function lengthOf({ duration }: ClipDescription): string {
  if (duration === 0) {
    return 'a still picture';
  }
  return Number.isFinite(duration) ? formatTime(duration) : 'length unknown';
}
