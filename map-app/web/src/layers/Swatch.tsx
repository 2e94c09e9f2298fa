import { useId } from 'react';
import type { Pattern } from './types';

/** A class as the map draws it: colour and hatch. */
export function Swatch({ colour, pattern }: { colour: string; pattern: Pattern }) {
  const id = useId();
  return (
    <svg width="28" height="18" aria-hidden className="swatch">
      <defs>
        <pattern id={id} width="8" height="8" patternUnits="userSpaceOnUse">
          {pattern === 'dots' ? <circle cx="4" cy="4" r="1.4" /> : <path d={pattern === 'cross' ? 'M0 8 8 0M0 0 8 8' : 'M0 8 8 0'} />}
        </pattern>
      </defs>
      <rect x="0.5" y="0.5" width="27" height="17" fill={colour} />
      {pattern !== 'none' && <rect x="0.5" y="0.5" width="27" height="17" fill={`url(#${id})`} />}
    </svg>
  );
}
