/** How a photo lies in its frame: `scale` >= 1, `x` and `y` its top left corner in shares of the frame (<= 0). */
export interface PhotoView {
  scale: number;
  x: number;
  y: number;
}

/** A box in shares of the photo, 0..1. */
export interface ShareBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const whole: PhotoView = { scale: 1, x: 0, y: 0 };
export const maxScale = 40;

const clamp = (v: number, low: number, high: number) => Math.min(Math.max(v, low), high);

/** The photo always covers its frame. */
function inside({ scale, x, y }: PhotoView): PhotoView {
  const s = clamp(scale, 1, maxScale);
  return { scale: s, x: clamp(x, 1 - s, 0), y: clamp(y, 1 - s, 0) };
}

/** Zooms so that the point of the frame at (atX, atY), in shares of it, stays where it is. */
export function zoomAt(view: PhotoView, factor: number, atX = 0.5, atY = 0.5): PhotoView {
  const scale = clamp(view.scale * factor, 1, maxScale);
  const real = scale / view.scale;
  return inside({ scale, x: atX - (atX - view.x) * real, y: atY - (atY - view.y) * real });
}

export const pan = (view: PhotoView, dx: number, dy: number): PhotoView => inside({ ...view, x: view.x + dx, y: view.y + dy });

/** Brings a box into the middle with as much again of its surroundings, but not nearer than `nearest`. */
export function focusOn(box: ShareBox, nearest = 10): PhotoView {
  const size = Math.max(box.right - box.left, box.bottom - box.top, 1e-6);
  const scale = clamp(0.5 / size, 1, nearest);
  const middle = (from: number, to: number) => 0.5 - ((from + to) / 2) * scale;
  return inside({ scale, x: middle(box.left, box.right), y: middle(box.top, box.bottom) });
}

/** The box around rings given in pixels; null without any. */
export function boxOfRings(rings: [number, number][][], widthPx: number, heightPx: number): ShareBox | null {
  const points = rings.flat();
  if (points.length === 0) return null;
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of points) {
    box.left = Math.min(box.left, x / widthPx);
    box.top = Math.min(box.top, y / heightPx);
    box.right = Math.max(box.right, x / widthPx);
    box.bottom = Math.max(box.bottom, y / heightPx);
  }
  return box;
}

const widths = [840, 1680, 3360];

/** The smallest offered image width that is sharp at this zoom; few steps, so that the server can keep them. */
export function imageWidth(framePx: number, scale: number, pixelRatio: number, photoWidthPx: number): number {
  const needed = framePx * scale * pixelRatio;
  const step = widths.find((w) => w >= needed * 0.8) ?? photoWidthPx;
  return Math.min(step, photoWidthPx);
}

/** Rings as an SVG path; with the even-odd rule holes stay open. */
export const ringsPath = (rings: [number, number][][]) => rings.map((ring) => `M${ring.map(([x, y]) => `${x} ${y}`).join('L')}Z`).join('');
