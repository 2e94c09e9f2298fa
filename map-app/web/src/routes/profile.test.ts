import { describe, expect, it } from 'vitest';
import { parseProfile, profileOf, ticks } from './profile';
import type { RouteAnswer } from './types';

const leg = (flight: number | null) => ({ type: 'Feature' as const, properties: { kind: 'leg', flight }, geometry: { type: 'LineString' as const, coordinates: [] } });
const waypoint = (lon: number, heightM: number, heightAboveGroundM: number) => ({ type: 'Feature' as const, properties: { kind: 'waypoint', track: '1', heightM, heightAboveGroundM }, geometry: { type: 'Point' as const, coordinates: [lon, 0] } });

describe('heights along the route', () => {
  it('are those of a battery’s own waypoints, one track after the other', () => {
    const answer = { preview: { features: [leg(1), waypoint(0, 50, 50), waypoint(0.001, 54, 50), leg(2), waypoint(1, 9, 9), leg(1), waypoint(0.002, 60, 48)] } } as unknown as RouteAnswer;
    const points = profileOf(answer, 1);
    // At the equator a degree of longitude is 111,319.491 m on GRS 80.
    expect(points.map((p) => Math.round(p.alongM * 100) / 100)).toEqual([0, 111.32, 222.64]);
    expect(points.map((p) => p.groundM)).toEqual([0, 4, 12]);
    expect(profileOf(answer, 3)).toEqual([]);
  });

  it('of a refused plan are those of its tracks', () => {
    expect(profileOf({ preview: { features: [leg(null), waypoint(0, 200, 200), waypoint(1, 200, 200)] } } as unknown as RouteAnswer, null)).toHaveLength(2);
  });

  it('stand beside round numbers', () => {
    expect(ticks({ least: -3, most: 157 }, 5)).toEqual([0, 50, 100, 150]);
    expect(ticks({ least: 0, most: 735 }, 4)).toEqual([0, 200, 400, 600]);
    expect(ticks({ least: 7, most: 7 }, 4)).toEqual([7]);
  });
});

describe('a ground profile', () => {
  it('is read with or without a head, with a byte order mark, tabs and full-width digits', () => {
    expect(parseProfile('\uFEFF距離,標高\r\n0,1.5\r\n１００,2\r\n')).toEqual([[0, 1.5], [100, 2]]);
    expect(parseProfile('0\t1\n50\t2')).toEqual([[0, 1], [50, 2]]);
  });

  it.each(['', '0,1', '距離,標高\nx,2\n3,4', '0,1\n0,2', '0,1\n10'])('is refused when it is none: %j', (text) => {
    expect(parseProfile(text)).toBeNull();
  });
});
