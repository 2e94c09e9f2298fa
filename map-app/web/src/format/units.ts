import type { Measurement } from '../live/senml';
import { number } from './numbers';

/** SenML unit symbols (RFC 8428 section 12.1) as people write them. */
const symbols: Record<string, string> = { Cel: '°C', '%RH': '%', '%EL': '%', lon: '°', lat: '°', 'm/s': 'm/s', deg: '°', '/': '', count: '' };

/** A measurement's value with its unit. */
export function measured(m: Measurement): { text: string; unit: string } {
  const unit = m.unit === null ? '' : (symbols[m.unit] ?? m.unit);
  if (typeof m.value === 'boolean') return { text: m.value ? 'on' : 'off', unit };
  if (typeof m.value === 'string') return { text: m.value, unit };
  const digits = m.unit === 'lon' || m.unit === 'lat' ? 6 : Number.isInteger(m.value) ? 0 : 2;
  return { text: number(m.value, digits), unit };
}

/** The part of a SenML name that says what was measured: `urn:dev:mac:0024befffe804ff1/temperature` -> `temperature`. */
export const measureName = (name: string) => name.split(/[/:]/).filter(Boolean).at(-1) ?? name;
