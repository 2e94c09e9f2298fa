import { MercatorCoordinate, type Map as MapLibreMap } from 'maplibre-gl';
import type { DeviceFeature } from '../api/types';
import type { TableChange } from '../state/featureTable';
import type { Theme } from '../state/ui';
import { drawIcon } from './icons';
import { palettes } from './palette';
import { deviceKind, isOnline } from './sources';

const badgePx = 32;
const ringPx = 48;
const namesFromZoom = 14;
const nameTopPx = 20;
const nameFont = "12px 'Noto Sans JP', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic', system-ui, sans-serif";
const haloPx = 3.2;
/** Names keep apart by cells of this size. */
const cellPx = 8;
const namesKept = 5_000;

interface Device {
  x: number;
  y: number;
  badge: string;
}

/** A mark of the map that lies over devices: how far aside of its place it is drawn, and how large. */
export interface Cover {
  place: [number, number];
  asidePx: [number, number];
  radiusPx: number;
  zooms: [number, number];
}

/**
 * The devices, on a canvas of their own over the map's. What moves every second must not make the map draw the ground anew: without a graphics processor that takes as long as there is
 * much on it. The map is always north-up and seen from above, which makes a place on the screen one multiplication.
 */
export class DeviceOverlay {
  private readonly canvas = document.createElement('canvas');
  private readonly g = this.canvas.getContext('2d')!;
  private readonly devices = new Map<string, Device>();
  private readonly covers = new Map<string, { x: number; y: number; cover: Cover }[]>();
  private readonly images = new Map<string, HTMLCanvasElement>();
  private hidden: ReadonlySet<string> = new Set();
  private chosen: string | null = null;
  private drawnAt = '';

  constructor(
    private readonly map: MapLibreMap,
    private theme: Theme,
    private isShown: boolean,
  ) {
    this.canvas.className = 'device-overlay';
    this.canvas.setAttribute('aria-hidden', 'true');
    map.getCanvas().after(this.canvas);
    map.on('render', () => this.drawnAt !== at(this.look()) && this.draw());
    void document.fonts.ready.then(() => {
      this.images.clear(); // names that were drawn in another font
      this.draw();
    });
  }

  setLook(theme: Theme, isShown: boolean): void {
    if (theme !== this.theme) this.images.clear();
    [this.theme, this.isShown] = [theme, isShown];
    this.draw();
  }

  /** Takes what changed. */
  apply(change: TableChange<DeviceFeature>): void {
    if (change.reset) this.devices.clear();
    for (const id of change.removed) this.devices.delete(id);
    for (const f of change.changed) {
      const { device, kind } = f.properties;
      if (f.geometry) this.devices.set(device, { ...mercator(f.geometry.coordinates as [number, number]), badge: `${isOnline(f) ? 'online' : 'offline'}/${deviceKind(kind)}` });
      else this.devices.delete(device);
    }
    if (change.reset || change.changed.length + change.removed.length > 0) this.draw();
  }

  /** Devices that something else stands for. */
  hide(devices: string[]): void {
    this.hidden = new Set(devices);
    this.draw();
  }

  /** The one with the ring. */
  choose(device: string | null): void {
    if (device === this.chosen) return;
    this.chosen = device;
    this.draw();
  }

  /** The marks of a layer that are to be seen where a device stands on the same place. */
  cover(layer: string, covers: Cover[]): void {
    this.covers.set(layer, covers.map((cover) => ({ ...mercator(cover.place), cover })));
    this.draw();
  }

  /** The device whose badge lies under a point of the screen, the nearest of several. */
  near(point: { x: number; y: number }, reachPx: number): string | null {
    if (!this.isShown) return null;
    const { px } = this.look();
    let best: string | null = null;
    let least = badgePx / 2 + reachPx;
    for (const [id, device] of this.devices) {
      if (this.hidden.has(id)) continue;
      const [x, y] = px(device);
      const far = Math.hypot(x - point.x, y - point.y);
      if (far <= least) [best, least] = [id, far];
    }
    return best;
  }

  private look() {
    const { clientWidth: width, clientHeight: height } = this.map.getCanvas();
    const middle = MercatorCoordinate.fromLngLat(this.map.getCenter().wrap());
    const zoom = this.map.getZoom();
    const worldPx = 512 * 2 ** zoom;
    const px = (p: { x: number; y: number }): [number, number] => [(p.x - middle.x) * worldPx + width / 2, (p.y - middle.y) * worldPx + height / 2];
    return { width, height, middle, zoom, px };
  }

  private draw(): void {
    const look = this.look();
    const { width, height, zoom, px } = look;
    const { g, canvas } = this;
    const ratio = window.devicePixelRatio;
    this.drawnAt = at(look);
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
      [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
      this.images.clear();
    }
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    if (!this.isShown) return;
    const seen = [...this.devices].flatMap(([id, { x, y, badge }]) => {
      const [left, top] = px({ x, y });
      const isIn = left > -ringPx && left < width + ringPx && top > -ringPx && top < height + ringPx;
      return isIn && !this.hidden.has(id) ? [{ id, left, top, badge }] : [];
    });
    seen.sort((a, b) => a.top - b.top); // the southern over the northern
    const stamp = (image: HTMLCanvasElement, left: number, top: number) => g.drawImage(image, left, top, image.width / ratio, image.height / ratio);
    for (const { id, left, top, badge } of seen) {
      stamp(this.badge(`device/${this.theme}/${badge}`, badgePx, ratio), left - badgePx / 2, top - badgePx / 2);
      if (id === this.chosen) stamp(this.badge(`ring/${this.theme}`, ringPx, ratio), left - ringPx / 2, top - ringPx / 2);
    }
    if (zoom >= namesFromZoom) this.nameThem(seen, ratio, stamp);
    g.globalCompositeOperation = 'destination-out';
    for (const { x, y, cover } of [...this.covers.values()].flat()) {
      if (zoom < cover.zooms[0] || zoom >= cover.zooms[1]) continue;
      const [left, top] = px({ x, y });
      g.beginPath();
      g.arc(left + cover.asidePx[0], top + cover.asidePx[1], cover.radiusPx, 0, 2 * Math.PI);
      g.fill();
    }
    g.globalCompositeOperation = 'source-over';
  }

  /** The chosen one first, then in the order in which they became known, so that names do not take turns. */
  private nameThem(seen: { id: string; left: number; top: number }[], ratio: number, stamp: (image: HTMLCanvasElement, left: number, top: number) => void): void {
    const taken = new Set<number>();
    const places = new Map(seen.map((s) => [s.id, s]));
    for (const id of this.chosen === null ? this.devices.keys() : [this.chosen, ...this.devices.keys()]) {
      const place = places.get(id);
      if (!place) continue;
      places.delete(id);
      const image = this.name(id, ratio);
      const [left, top] = [place.left - image.width / ratio / 2, place.top + nameTopPx];
      const cells = cellsOf(left, top, image.width / ratio, image.height / ratio);
      if (cells.some((cell) => taken.has(cell))) continue;
      cells.forEach((cell) => taken.add(cell));
      stamp(image, left, top);
    }
  }

  private badge(name: string, sizePx: number, ratio: number): HTMLCanvasElement {
    return this.image(name, () => {
      const drawn = drawIcon(name)!;
      const whole = onCanvas(drawn.width, drawn.height);
      whole.g.putImageData(drawn, 0, 0);
      const made = onCanvas(Math.round(sizePx * ratio), Math.round(sizePx * ratio));
      made.g.imageSmoothingQuality = 'high';
      made.g.drawImage(whole.canvas, 0, 0, made.canvas.width, made.canvas.height);
      return made.canvas;
    });
  }

  private name(device: string, ratio: number): HTMLCanvasElement {
    return this.image(`name/${device}`, () => {
      this.g.font = nameFont;
      const width = this.g.measureText(device).width + 2 * haloPx;
      const { g, canvas } = onCanvas(Math.ceil(width * ratio), Math.ceil(20 * ratio));
      g.scale(ratio, ratio);
      g.font = nameFont;
      g.textBaseline = 'middle';
      g.lineJoin = 'round';
      g.lineWidth = haloPx;
      g.strokeStyle = palettes[this.theme].halo;
      g.strokeText(device, haloPx, 10);
      g.fillStyle = palettes[this.theme].ink;
      g.fillText(device, haloPx, 10);
      return canvas;
    });
  }

  private image(name: string, make: () => HTMLCanvasElement): HTMLCanvasElement {
    const known = this.images.get(name);
    if (known) return known;
    if (this.images.size > namesKept) this.images.clear();
    const made = make();
    this.images.set(name, made);
    return made;
  }
}

const mercator = (place: [number, number]) => {
  const { x, y } = MercatorCoordinate.fromLngLat(place);
  return { x, y };
};

const at = ({ width, height, middle, zoom }: { width: number; height: number; middle: MercatorCoordinate; zoom: number }) => `${width}/${height}/${middle.x}/${middle.y}/${zoom}`;

function onCanvas(width: number, height: number) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.max(width, 1), Math.max(height, 1)];
  return { canvas, g: canvas.getContext('2d')! };
}

/** The cells of the screen that a box lies on. */
function cellsOf(left: number, top: number, width: number, height: number): number[] {
  const cells: number[] = [];
  for (let y = Math.floor(top / cellPx); y <= Math.floor((top + height) / cellPx); y++)
    for (let x = Math.floor(left / cellPx); x <= Math.floor((left + width) / cellPx); x++) cells.push(y * 10_000 + x);
  return cells;
}
