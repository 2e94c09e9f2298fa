import type { Dictionary } from '../i18n';

const cache = new Map<string, Intl.NumberFormat>();

/** `digits` decimals, grouped in thousands: 1,234.5. */
export function number(value: number, digits = 0): string {
  const key = String(digits);
  let format = cache.get(key);
  if (!format) {
    format = new Intl.NumberFormat('ja-JP', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    cache.set(key, format);
  }
  return format.format(value);
}

/** A share 0..1 as whole percent. A score just under a limit is not rounded over it. */
export const percent = (share: number) => `${Math.floor(share * 100 + 1e-9)}%`;

/** Three significant figures where that helps: 12.3, 1.23, 0.123; whole numbers from 100. */
export function figures(value: number): string {
  const size = Math.abs(value);
  return number(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 2 : 3);
}

/** Metres per pixel as mm/px. */
export const mmPerPx = (gsdM: number) => figures(gsdM * 1000);

export function fileSize(bytes: number): string {
  return bytes >= 1e6 ? `${number(bytes / 1e6, 1)} MB` : `${number(bytes / 1e3)} kB`;
}

/** The widths of a finding in words, or why there is none. */
export function widthText(
  t: Dictionary,
  f: { resolvable?: boolean | null; gsdM?: number | null },
  widthMm: number | null | undefined,
): { text: string; unit: string | null } {
  if (f.resolvable === false)
    return { text: f.gsdM ? t.field.notResolvable(mmPerPx(f.gsdM)) : t.field.notResolvableUnknown, unit: null };
  if (widthMm == null) return { text: f.gsdM ? t.field.none : t.field.noScale, unit: null };
  return { text: number(widthMm, 1), unit: 'mm' };
}
