import type { Flaw } from './types';

/** Strokes inside a diamond of 22 px: waves, a sun, a moon, a cross. The map draws the same (icons.ts). */
export const flawPaths: Record<Flaw, string> = {
  blurred: 'M6.5 9.2q2.2-2.4 4.5 0t4.5 0M6.5 13q2.2-2.4 4.5 0t4.5 0',
  'over-exposed': 'M11 6v2M11 14v2M6 11h2M14 11h2M7.6 7.6 9 9M13 13l1.4 1.4M14.4 7.6 13 9M9 13l-1.4 1.4',
  'under-exposed': 'M13.6 6.9a4.6 4.6 0 1 0 1.6 6.4 3.7 3.7 0 0 1-1.6-6.4',
  unreadable: 'M8 8l6 6M14 8l-6 6',
};

export const diamondPath = 'M11 .8 21.2 11 11 21.2.8 11Z';

export function FlawMark({ flaw }: { flaw: Flaw }) {
  return (
    <svg className="flaw-mark" width="22" height="22" viewBox="0 0 22 22" aria-hidden>
      <path className="flaw-ground" d={diamondPath} />
      <path className="flaw-ink" d={flawPaths[flaw]} />
    </svg>
  );
}
