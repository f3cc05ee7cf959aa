import { onColors } from './colors';

export interface Surface {
  context: CanvasRenderingContext2D;
  /** CSS pixels. */
  width: number;
  height: number;
}

/**
 * Keeps a canvas as large as its box, as sharp as the screen, and drawn in the colours of the page. Calls of `redraw` between two frames draw once.
 */
export class Canvas {
  #canvas: HTMLCanvasElement;
  #draw: (surface: Surface) => void;
  #frame = 0;
  #ends: (() => void)[];

  constructor(canvas: HTMLCanvasElement, draw: (surface: Surface) => void) {
    this.#canvas = canvas;
    this.#draw = draw;
    const size = new ResizeObserver(() => this.redraw());
    size.observe(canvas);
    this.#ends = [() => size.disconnect(), onColors(() => this.redraw())];
  }

  redraw(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const context = this.#canvas.getContext('2d');
      const { clientWidth: width, clientHeight: height } = this.#canvas;
      if (!context || width === 0 || height === 0) {
        return;
      }

      const scale = devicePixelRatio || 1;
      if (this.#canvas.width !== Math.round(width * scale) || this.#canvas.height !== Math.round(height * scale)) {
        this.#canvas.width = Math.round(width * scale);
        this.#canvas.height = Math.round(height * scale);
      }

      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      this.#draw({ context, width, height });
    });
  }

  end(): void {
    cancelAnimationFrame(this.#frame);
    for (const end of this.#ends) {
      end();
    }
  }
}
