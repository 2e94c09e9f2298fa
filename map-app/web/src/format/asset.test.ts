import { describe, expect, it } from 'vitest';
import type { FindingProperties } from '../api/types';
import { dictionaries } from '../i18n';
import { assetPlace } from './asset';

const { ja, en } = dictionaries;

const finding = (more: Partial<FindingProperties>): FindingProperties => ({ findingId: 'f', photoId: 'p', class: 'crack', score: 1, status: 'draft', revision: 1, ...more });

describe('assetPlace', () => {
  it('is nothing without an asset', () => {
    expect(assetPlace(ja, finding({ assetReason: 'none-near' }))).toBeNull();
  });

  it('names river, bank and distance mark', () => {
    const p = finding({ assetId: 'levee:L1', river: '瀬戸川', bank: 'right', markKm: 12.3, markOffsetM: 39.6, assetDistanceM: 0.2 });
    expect(assetPlace(ja, p)).toEqual({ where: '瀬戸川 右岸 12.3k + 40 m', notes: [] });
    expect(assetPlace(en, p)?.where).toBe('瀬戸川 right bank 12.3k + 40 m');
    expect(assetPlace(ja, { ...p, markKm: 12, markOffsetM: 0.4 })?.where).toBe('瀬戸川 右岸 12.0k');
    expect(assetPlace(ja, { ...p, markKm: 0, markOffsetM: -12, bank: null })?.where).toBe('瀬戸川 0.0k - 12 m');
    expect(assetPlace(ja, { ...p, markKm: 1.125 })?.where).toBe('瀬戸川 右岸 1.125k + 40 m');
  });

  it('names bridge and element, the distance, and what is doubtful', () => {
    const p = finding({ assetId: 'bridge:B:001', elementId: 'element:B:001/Mg0101', assetDistanceM: 2.34, assetReason: 'element-ambiguous' });
    expect(assetPlace(ja, p)).toEqual({
      where: '橋梁 B:001 部材 Mg0101',
      notes: ['施設から 2.3 m 離れています', '近くに別の部材があり、どの部材か確定できません。'],
    });
    expect(assetPlace(en, { ...p, elementId: null, assetReason: 'new-code' })).toEqual({ where: 'Bridge B:001', notes: ['2.3 m from it', 'new-code'] });
  });
});
