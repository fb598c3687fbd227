/** What components tell those above them. All of these rise through every shadow root up to the shell. */
import type { PackageFiles } from '../../lib/types';

abstract class RisingEvent extends Event {
  constructor(type: string) {
    super(type, { bubbles: true, composed: true });
  }
}

/** A person has chosen a file. */
export class FileChosenEvent extends RisingEvent {
  constructor(readonly file: File) {
    super('file-chosen');
  }
}

/** A person has chosen a model package: a .zip file or a folder. */
export class PackageChosenEvent extends RisingEvent {
  constructor(
    readonly files: PackageFiles,
    /** Of the .zip file or the folder. */
    readonly name: string,
  ) {
    super('package-chosen');
  }
}

/** A person wants to see a moment of the clip, in seconds. */
export class SeekEvent extends RisingEvent {
  constructor(readonly time: number) {
    super('seek-to');
  }
}

/** The player has moved, in seconds. */
export class PlayheadEvent extends RisingEvent {
  constructor(readonly time: number) {
    super('playhead');
  }
}

/** A sentence for those who hear the page. */
export class AnnounceEvent extends RisingEvent {
  constructor(readonly sentence: string) {
    super('announce');
  }
}

export type PageCommand =
  | 'cancel'
  | 'repeat'
  | 'load-again'
  | 'webcam'
  /** Ends the loading of another model package, or hides why it failed. */
  | 'dismiss-package'
  | 'shipped-package';

/** A person wants something done about the clip or the page. */
export class CommandEvent extends RisingEvent {
  constructor(readonly command: PageCommand) {
    super('command');
  }
}

/** A person wants to see another clip of this visit. */
export class ShowClipEvent extends RisingEvent {
  constructor(readonly id: number) {
    super('show-clip');
  }
}

declare global {
  interface HTMLElementEventMap {
    'file-chosen': FileChosenEvent;
    'package-chosen': PackageChosenEvent;
    'seek-to': SeekEvent;
    playhead: PlayheadEvent;
    announce: AnnounceEvent;
    command: CommandEvent;
    'show-clip': ShowClipEvent;
  }
}
