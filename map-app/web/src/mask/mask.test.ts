import { describe, expect, it } from 'vitest';
import { drawn, reduceMask, startEdit, type MaskAction, type MaskEdit } from './edit';
import { area, crosses, insertCorner, nearestCorner, nearestEdge, polygonOf, removeCorner, simplify, strokeOf, type Ring } from './geometry';

const square: Ring = [[100, 100], [200, 100], [200, 200], [100, 200]];
const run = (s: MaskEdit, ...actions: MaskAction[]) => actions.reduce(reduceMask, s);

describe('mask geometry', () => {
  it('finds the nearest corner and edge within reach', () => {
    expect(nearestCorner([square], [104, 97], 10)).toEqual({ ring: 0, at: 0 });
    expect(nearestCorner([square], [150, 150], 10)).toBeNull();
    expect(nearestEdge([square], [150, 203], 10)).toEqual({ ring: 0, at: 2 });
    expect(nearestEdge([square], [97, 150], 10)).toEqual({ ring: 0, at: 3 }); // the edge that closes the ring
    expect(nearestEdge([square], [150, 150], 10)).toBeNull();
  });

  it('adds and takes corners; a ring of two goes', () => {
    expect(insertCorner([square], { ring: 0, at: 3 }, [90, 150])[0]).toEqual([...square, [90, 150]]);
    expect(removeCorner([square], { ring: 0, at: 1 })).toEqual([[[100, 100], [200, 200], [100, 200]]]);
    expect(removeCorner([square.slice(0, 3), square], { ring: 0, at: 0 })).toEqual([square]);
  });

  it('gives a straight stroke its width', () => {
    const ring = strokeOf([[0, 0], [50, 0], [100, 0]], 8)!;
    expect(Math.abs(area(ring))).toBeCloseTo(800);
    expect(Math.max(...ring.map(([, y]) => y)) - Math.min(...ring.map(([, y]) => y))).toBeCloseTo(8);
    expect(strokeOf([[1, 1], [1, 1]], 8)).toBeNull();
  });

  it('cuts sharp corners of a stroke instead of spiking', () => {
    const ring = strokeOf([[0, 0], [100, 0], [0, 5]], 8)!;
    expect(Math.max(...ring.map(([x, y]) => Math.hypot(x - 100, y)))).toBeLessThanOrEqual(112);
    expect(Math.max(...ring.map(([x]) => x))).toBeLessThanOrEqual(108 + 1e-9);
  });

  it('knows outlines that cross themselves or each other, and holes that do not', () => {
    const bow: Ring = [[0, 0], [10, 10], [10, 0], [0, 10]];
    const hole: Ring = [[120, 120], [150, 120], [150, 150]];
    const over: Ring = [[150, 150], [300, 150], [300, 160], [150, 160]];
    expect([crosses([square]), crosses([bow]), crosses([square, hole]), crosses([square, over]), crosses([])]).toEqual([false, true, false, true, false]);
  });

  it('takes no polygon without an area', () => {
    expect([polygonOf([[0, 0], [9, 9]]), polygonOf([[0, 0], [5, 5], [9, 9]]), polygonOf(square)]).toEqual([null, null, square]);
  });

  it('keeps the corners of a freehand line that matter', () => {
    const wobbly = Array.from({ length: 101 }, (_, i): [number, number] => [i, i <= 50 ? (i % 2) * 0.4 : i - 50]);
    const line = simplify(wobbly, 1);
    expect(line.length).toBeLessThan(6);
    expect([line[0], line.at(-1)]).toEqual([[0, 0], [100, 50]]);
  });
});

describe('mask editing', () => {
  const start = startEdit([square], 400, 300);

  it('takes a whole drag back at once', () => {
    const dragged = run(start, { do: 'choose', corner: { ring: 0, at: 2 } }, { do: 'grab', corner: { ring: 0, at: 2 } }, { do: 'drag', to: [250, 250] }, { do: 'drag', to: [260, 500] });
    expect(dragged.rings[0]![2]).toEqual([260, 300]); // kept within the photo
    expect(run(dragged, { do: 'undo' }).rings).toEqual([square]);
    expect(run(start, { do: 'undo' })).toEqual(start);
  });

  it('walks, moves, adds and deletes corners by key', () => {
    const s = run(start, { do: 'nextCorner', by: 1 }, { do: 'nudge', by: [-1, 0] }, { do: 'split' });
    expect(s.rings[0]!.slice(0, 2)).toEqual([[99, 100], [149.5, 100]]);
    expect(s.chosen).toEqual({ ring: 0, at: 1 });
    expect(run(s, { do: 'delete' }).rings[0]).toHaveLength(4);
    expect(run(start, { do: 'nextCorner', by: -1 }).chosen).toEqual({ ring: 0, at: 3 });
  });

  it('draws from scratch with the pen, undoing point by point', () => {
    const s = run(start, { do: 'clear' }, { do: 'pen', penPx: 4 }, { do: 'draw', place: [10, 10] }, { do: 'draw', place: [110, 10] }, { do: 'draw', place: [110, 200] });
    expect([s.tool, s.rings.length, drawn(s)!.length]).toEqual(['pen', 0, 6]);
    const done = run(s, { do: 'undo' }, { do: 'finish' });
    expect(done.rings).toEqual([[[10, 12], [110, 12], [110, 8], [10, 8]]]);
    expect(run(done, { do: 'undo' }, { do: 'undo' }).rings).toEqual([square]);
  });

  it('closes a polygon and drops one that is none', () => {
    const polygon = run(start, { do: 'tool', tool: 'polygon' }, { do: 'draw', place: [1, 1] }, { do: 'draw', place: [50, 1] });
    expect(run(polygon, { do: 'finish' })).toMatchObject({ rings: [square], drawing: [] });
    expect(run(polygon, { do: 'draw', place: [1, 50] }, { do: 'finish' }).rings).toHaveLength(2);
  });

  it('does not blame anybody for parts that touched before', () => {
    const first: Ring = [[10, 10], [30, 10], [30, 20], [10, 20]];
    const touching: Ring = [[30, 12], [50, 12], [50, 18], [30, 18]];
    expect(crosses([first, touching])).toBe(true);
    expect(crosses([[[10, 9], ...first.slice(1)], touching], [first, touching])).toBe(false);
    expect(crosses([[[10, 9], [30, 10], [30, 20], [40, 15]], touching], [first, touching])).toBe(true);
  });
});
