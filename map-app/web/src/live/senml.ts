/** One resolved measurement (RFC 8428 section 4.6). */
export interface Measurement {
  name: string;
  unit: string | null;
  /** seconds since 1970 */
  timeS: number;
  value: number | string | boolean;
}

interface SenmlRecord {
  bn?: string;
  bt?: number;
  bu?: string;
  bv?: number;
  n?: string;
  u?: string;
  t?: number;
  v?: number;
  vs?: string;
  vb?: boolean;
  s?: number;
}

/** Below this a time is relative to the time of receipt (RFC 8428 section 4.5.3). */
const relativeBelow = 2 ** 28;

/**
 * Resolves a SenML pack. Records without a readable value (data `vd`, or malformed) are left out: the server has
 * refused what is invalid, and a map shows what it can.
 */
export function resolveSenml(pack: unknown, receivedS: number): Measurement[] {
  if (!Array.isArray(pack)) return [];
  const base = { name: '', timeS: 0, unit: null as string | null, value: 0 };
  const resolved: Measurement[] = [];
  for (const entry of pack as unknown[]) {
    if (typeof entry !== 'object' || entry === null) continue;
    const record = entry as SenmlRecord;
    if (typeof record.bn === 'string') base.name = record.bn;
    if (typeof record.bt === 'number') base.timeS = record.bt;
    if (typeof record.bu === 'string') base.unit = record.bu;
    if (typeof record.bv === 'number') base.value = record.bv;
    const value = valueOf(record, base.value);
    if (value === null) continue;
    const timeS = base.timeS + (typeof record.t === 'number' ? record.t : 0);
    resolved.push({
      name: base.name + (typeof record.n === 'string' ? record.n : ''),
      unit: typeof record.u === 'string' ? record.u : base.unit,
      timeS: timeS < relativeBelow ? receivedS + timeS : timeS,
      value,
    });
  }
  return resolved;
}

function valueOf(record: SenmlRecord, base: number): Measurement['value'] | null {
  if (typeof record.v === 'number') return record.v + base;
  if (typeof record.vs === 'string') return record.vs;
  if (typeof record.vb === 'boolean') return record.vb;
  return typeof record.s === 'number' ? record.s : null;
}
