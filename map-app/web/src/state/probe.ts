import type { PhotoFeature } from '../api/types';
import type { View } from './store';

/** For automated screenshots and tests: whether the first snapshot is drawn, and how much is known. */
export interface Probe {
  ready: boolean;
  counts: { photos: number; photosScored: number; findings: number; devices: number };
  link: View['link'];
}

declare global {
  interface Window {
    __field?: Probe;
  }
}

export function publishProbe(ready: boolean, view: View): void {
  window.__field = {
    ready,
    counts: { photos: view.photos.size, photosScored: scoredPhotos(view), findings: view.findings.size, devices: view.devices.size },
    link: view.link,
  };
}

/** False while nothing was ever received: then a count is unknown, not zero. */
export const isKnown = (view: View, kind: 'photos' | 'findings' | 'devices') => view[kind].size > 0 || view.load[kind] === 'loaded';

const isScored = (f: PhotoFeature) => f.properties.state === 'scored';
export const scoredPhotos = (view: View) => view.photos.count(isScored);
