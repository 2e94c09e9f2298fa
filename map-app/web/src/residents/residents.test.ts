import { describe, expect, it } from 'vitest';
import { tileAt } from './households';

describe('the tile that is asked for first', () => {
  it('is the one around the place', () => {
    expect(tileAt(138.318, 34.853)).toEqual([14487, 6497]); // OpenStreetMap's formula of tile names
    expect(tileAt(0, 0)).toEqual([8192, 8192]);
  });
});
