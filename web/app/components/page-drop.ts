import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What was dropped: files, or a folder, of which there is one at a time. */
export interface DropTaker {
  takeFiles(files: File[]): void;
  takeFolder(folder: FileSystemDirectoryEntry): void;
}

/** Lets a file or a folder be dropped anywhere on the page, at any time. */
export class PageDrop implements ReactiveController {
  /** A file is being dragged over the page. */
  dragging = false;

  /** Entering a child comes before leaving its parent: only a count tells when the page itself is left. */
  private depth = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly taker: DropTaker,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('dragenter', this.enter);
    window.addEventListener('dragover', this.over);
    window.addEventListener('dragleave', this.leave);
    window.addEventListener('drop', this.drop);
  }

  hostDisconnected(): void {
    window.removeEventListener('dragenter', this.enter);
    window.removeEventListener('dragover', this.over);
    window.removeEventListener('dragleave', this.leave);
    window.removeEventListener('drop', this.drop);
  }

  private readonly enter = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) {
      this.setDepth(this.depth + 1);
    }
  };

  private readonly over = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    }
  };

  private readonly leave = () => {
    this.setDepth(Math.max(0, this.depth - 1));
  };

  private readonly drop = (event: DragEvent) => {
    event.preventDefault();
    this.setDepth(0);
    // Both can be asked for only now: the browser forgets them once this event is over.
    const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry());
    const files = [...(event.dataTransfer?.files ?? [])];
    const folder = entries.find((entry) => entry?.isDirectory);
    if (folder) {
      this.taker.takeFolder(folder as FileSystemDirectoryEntry);
    } else {
      this.taker.takeFiles(files);
    }
  };

  private setDepth(depth: number): void {
    this.depth = depth;
    this.dragging = depth > 0;
    this.host.requestUpdate();
  }
}
