import { type Frame, isVideoFrame } from '../../lib/frame';
import { rgbaOf, uprightTransform } from '../state/rgba-picture';

/** Draws decoded frames on canvases. */
export class FramePainter {
  /** Holds the stored picture, before it is turned and stretched; kept from frame to frame. */
  private readonly stored = document.createElement('canvas');

  /** Draws a frame upright over the whole canvas, whose proportions are those of the clip. The frame stays open. */
  paint(canvas: HTMLCanvasElement, frame: Frame): void {
    const context = canvas.getContext('2d');
    if (context === null) {
      return;
    }
    const upright = isVideoFrame(frame) ? ({ rotation: 0, flip: false } as const) : frame.layout;
    context.setTransform(...uprightTransform(upright, canvas.width, canvas.height));
    context.drawImage(isVideoFrame(frame) ? frame : this.store(frame), 0, 0, 1, 1);
  }

  private store({ buffer, layout }: Exclude<Frame, VideoFrame>): HTMLCanvasElement {
    const { stored } = this;
    const { width, height } = layout;
    if (stored.width !== width || stored.height !== height) {
      stored.width = width;
      stored.height = height;
    }
    stored.getContext('2d')?.putImageData(new ImageData(rgbaOf(buffer, layout), width, height), 0, 0);
    return stored;
  }
}
