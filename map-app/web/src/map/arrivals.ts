import { Marker, type Map as MapLibreMap } from 'maplibre-gl';
import type { FindingFeature } from '../api/types';
import { findingPlace } from './sources';

/** More than this at once is a flood, not news. */
const atMost = 20;

/** Lets new findings drop onto the map once. Nothing moves for people who asked for less motion. */
export function showArrivals(map: MapLibreMap, findings: FindingFeature[]): void {
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  for (const finding of findings.slice(-atMost)) {
    const place = findingPlace(finding);
    if (!place) continue;
    const element = document.createElement('div');
    element.className = 'arrival';
    element.setAttribute('aria-hidden', 'true');
    const drop = document.createElement('div');
    drop.className = 'arrival-drop';
    element.append(drop);
    const marker = new Marker({ element }).setLngLat(place).addTo(map);
    drop.addEventListener('animationend', () => marker.remove(), { once: true });
  }
}
