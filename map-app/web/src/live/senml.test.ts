import { describe, expect, it } from 'vitest';
import { resolveSenml } from './senml';

describe('resolveSenml', () => {
  // RFC 8428 section 5.1.2 and its resolved form in section 4.6 / 5.1.3 style
  it('resolves base name, time and unit', () => {
    const pack = [
      { bn: 'urn:dev:ow:10e2073a0108006:', bt: 1276020076, bu: 'A', bver: 5, n: 'voltage', u: 'V', v: 120.1 },
      { n: 'current', t: -5, v: 1.2 },
    ];
    expect(resolveSenml(pack, 0)).toEqual([
      { name: 'urn:dev:ow:10e2073a0108006:voltage', unit: 'V', timeS: 1276020076, value: 120.1 },
      { name: 'urn:dev:ow:10e2073a0108006:current', unit: 'A', timeS: 1276020071, value: 1.2 },
    ]);
  });

  it('takes small times as relative to the receipt', () => {
    expect(resolveSenml([{ n: 'a', v: 1 }, { n: 'b', t: -60, v: 2 }], 1.8e9).map((m) => m.timeS)).toEqual([1.8e9, 1.8e9 - 60]);
  });

  it('reads strings, booleans and sums, adds the base value to numbers only', () => {
    const pack = [{ bv: 20, n: 'a', v: 1.5 }, { n: 'b', vs: 'open' }, { n: 'c', vb: true }, { n: 'd', s: 7 }, { n: 'e', vd: 'AQ' }];
    expect(resolveSenml(pack, 1.8e9).map((m) => m.value)).toEqual([21.5, 'open', true, 7]);
  });

  it('never throws on what is not a pack', () => {
    for (const junk of [null, 1, 'x', {}, [null], [1, 'a', []], [{ n: 5, v: '7' }], [{ bt: 'x', v: null }]]) expect(resolveSenml(junk, 0)).toEqual([]);
  });
});
