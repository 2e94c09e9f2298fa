import type { AssetFeature, FindingProperties } from '../api/types';
import type { Dictionary } from '../i18n';
import { number } from './numbers';

/** Below this a finding lies on the asset, as far as anybody would say. */
const ON_IT_M = 0.5;

/** Where on which asset a finding lies, as an inspector writes it; null when it belongs to none. */
export function assetPlace(t: Dictionary, p: FindingProperties, assets?: { get(assetId: string): AssetFeature | undefined }): { where: string; notes: string[] } | null {
  if (!p.assetId) return null;
  const [kind = '', ...rest] = p.assetId.split(':');
  const named = assets?.get(p.assetId);
  const where =
    p.markKm != null
      ? [p.river, p.bank && t.asset.bank[p.bank], markText(p.markKm, p.markOffsetM ?? 0)]
      : [named?.properties.name || `${t.asset.kind[kind] ?? kind} ${rest.join(':')}`, p.elementId && elementText(t, p.elementId, assets?.get(p.elementId))];
  const notes: string[] = [];
  if ((p.assetDistanceM ?? 0) >= ON_IT_M) notes.push(t.asset.away(number(p.assetDistanceM ?? 0, 1)));
  if (p.assetReason) notes.push(t.asset.reason[p.assetReason] ?? p.assetReason);
  return { where: where.filter(Boolean).join(' '), notes };
}

const elementText = (t: Dictionary, elementId: string, element: AssetFeature | undefined) => `${element?.properties.name || t.asset.element} ${elementId.slice(elementId.lastIndexOf('/') + 1)}`;

/** An asset as people call it: its name in the ledger, else its kind and number. */
export function assetName(t: Dictionary, assetId: string, asset: AssetFeature | undefined): string {
  const [kind = '', ...rest] = assetId.split(':');
  const number = rest.join(':');
  if (kind === 'element') return elementText(t, assetId, asset);
  if (kind === 'mark' && asset?.properties.km != null) return markText(asset.properties.km, 0);
  return asset?.properties.name || `${t.review.assets.kind[kind] ?? kind} ${number}`;
}

/** `12.3k + 40 m`, the same in every language. */
export function markText(km: number, offsetM: number): string {
  const metres = Math.round(offsetM);
  const mark = `${km.toFixed(3).replace(/(\.\d+?)0+$/, '$1')}k`;
  return metres === 0 ? mark : `${mark} ${metres < 0 ? '-' : '+'} ${Math.abs(metres)} m`;
}
