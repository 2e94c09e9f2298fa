import { useEffect, useEffectEvent } from 'react';
import { boundsOf } from '../map/bounds';
import type { MapController } from '../map/mapController';
import { flightShapes } from './flightLayers';
import type { FlightReview } from './types';

/** A bridge of ten metres still fills a good part of the map. */
const nearestZoom = 20.5;

/** Draws the review of the open flight, and brings it into view when another is opened. Returns how to go to one of its gaps. */
export function useFlightMap(controller: MapController | null, review: FlightReview | null): (index: number) => void {
  useEffect(() => controller?.setFlight(review ? flightShapes(review) : []), [controller, review]);
  const bring = useEffectEvent(() => {
    const shapes = review?.map.features ?? [];
    const target = shapes.filter((f) => f.properties?.['kind'] === 'target');
    const box = boundsOf((target.length > 0 ? target : shapes).map((f) => f.geometry));
    if (box) controller?.fit(box, true, nearestZoom);
  });
  const key = review && `${review.device} ${review.firstAt} ${review.targetId}`;
  useEffect(() => {
    if (key !== null) bring();
  }, [controller, key]);
  return (index) => {
    const gap = review?.map.features.find((f) => f.properties?.['kind'] === 'gap' && f.properties['index'] === index);
    if (gap) controller?.fit(boundsOf([gap.geometry]), true, nearestZoom);
  };
}
