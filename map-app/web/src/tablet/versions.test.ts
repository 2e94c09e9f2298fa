import { describe, expect, it } from 'vitest';
import type { EventFeature } from '../api/types';
import { reportsOf } from './versions';

const event = (id: string, time: string, details: object, kind = 'report'): EventFeature => ({
  type: 'Feature', id, geometry: { type: 'Point', coordinates: [138, 34] }, properties: { kind, device: id.split(':')[0]!, time, revision: 1, details: { kind, ...details } },
});

describe('versions of a report', () => {
  const first = event('tablet-a:1', '2026-11-22T01:00:00Z', { note: '陥没', severity: 'warning' });

  it('a correction takes the place of what its writer saw', () => {
    const [report] = reportsOf([first, event('tablet-b:4', '2026-11-22T02:00:00Z', { note: '陥没 1m', amends: 'tablet-a:1', bases: ['tablet-a:1'] })]);
    expect(report).toMatchObject({ root: 'tablet-a:1', count: 2, heads: [{ id: 'tablet-b:4', note: '陥没 1m' }] });
  });

  it('two corrections made without a line stand side by side, whichever came first', () => {
    const b = event('tablet-b:4', '2026-11-22T02:00:00Z', { note: 'b', amends: 'tablet-a:1', bases: ['tablet-a:1'] });
    const c = event('tablet-c:9', '2026-11-22T01:30:00Z', { note: 'c', amends: 'tablet-a:1', bases: ['tablet-a:1'] });
    for (const order of [[first, b, c], [c, b, first]]) expect(reportsOf(order)[0]!.heads.map((h) => h.note)).toEqual(['c', 'b']);
    const both = event('tablet-b:5', '2026-11-22T03:00:00Z', { note: 'both', amends: 'tablet-a:1', bases: ['tablet-b:4', 'tablet-c:9'] });
    expect(reportsOf([first, b, c, both])[0]!.heads.map((h) => h.note)).toEqual(['both']);
  });

  it('other events are none, a correction may come before its report, and a circle hides nothing', () => {
    expect(reportsOf([event('lock:1', '2026-11-22T01:00:00Z', {}, 'door-opened')])).toEqual([]);
    expect(reportsOf([event('tablet-b:4', '2026-11-22T02:00:00Z', { amends: 'tablet-a:1', bases: ['tablet-a:1'] })])[0]!.root).toBe('tablet-a:1');
    expect(reportsOf([event('x:1', '2026-11-22T02:00:00Z', { amends: 'r', bases: ['x:2'] }), event('x:2', '2026-11-22T02:00:00Z', { amends: 'r', bases: ['x:1'] })])[0]!.heads).toHaveLength(2);
  });
});
