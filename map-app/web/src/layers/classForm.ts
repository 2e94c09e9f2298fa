import type { ClassTable, LayerClass, Pattern } from './types';

/** One class as typed. */
export interface ClassRow {
  key: string;
  ja: string;
  en: string;
  colour: string;
  pattern: Pattern;
  /** higher is worse; empty for no order */
  rank: string;
  /** values of the field, with commas between */
  values: string;
  from: string;
  to: string;
}

export interface TableForm {
  field: string;
  /** the value that all rows have; then no field tells their class, and only how the classes look is changed */
  constant?: string;
  /** by values of the field, or by ranges of its numbers */
  by: 'values' | 'ranges';
  isDepthM: boolean;
  rows: ClassRow[];
}

export const patterns: Pattern[] = ['none', 'diagonal', 'cross', 'dots'];

/** Told apart by the colour-blind too (Okabe and Ito 2008). */
const palette = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442', '#666666'];

export const formOf = (table: ClassTable | null, field: string): TableForm => ({
  field: table?.field ?? field,
  ...(table?.field === undefined && table?.constant !== undefined ? { constant: table.constant } : {}),
  by: table?.classes.some((c) => c.from !== undefined || c.to !== undefined) ? 'ranges' : 'values',
  isDepthM: table?.isDepthM ?? false,
  rows: (table?.classes ?? []).map((c) => ({
    key: c.key, ja: c.ja, en: c.en, colour: c.colour, pattern: c.pattern,
    rank: c.rank === undefined ? '' : String(c.rank), values: c.values.join('、'), from: c.from === undefined ? '' : String(c.from), to: c.to === undefined ? '' : String(c.to),
  })),
});

const numberOf = (text: string): number | undefined => {
  const n = Number(text.normalize('NFKC').trim());
  return text.trim() === '' || !Number.isFinite(n) ? undefined : n;
};

/** As the server takes it. */
export const tableOf = (form: TableForm): ClassTable => ({
  ...(form.constant === undefined ? { field: form.field } : { constant: form.constant }),
  ...(form.by === 'ranges' && form.isDepthM ? { isDepthM: true } : {}),
  classes: form.rows.map((r): LayerClass => {
    const [rank, from, to] = [numberOf(r.rank), numberOf(r.from), numberOf(r.to)];
    return {
      key: r.key, ja: r.ja.trim(), en: r.en.trim() || r.ja.trim(), colour: r.colour.toUpperCase(), pattern: r.pattern,
      ...(rank === undefined ? {} : { rank: Math.round(rank) }),
      values: r.values.split(/[、,，\n]/).map((v) => v.trim()).filter((v) => v !== ''),
      ...(form.by === 'ranges' && from !== undefined ? { from } : {}),
      ...(form.by === 'ranges' && to !== undefined ? { to } : {}),
    };
  }),
});

/** The form with a further class: its colour and pattern are not there yet, a range begins where the last one ends. */
export function withRow(form: TableForm, value = ''): TableForm {
  const at = form.rows.length;
  const taken = new Set(form.rows.map((r) => `${r.colour.toUpperCase()} ${r.pattern}`));
  const looks = patterns.flatMap((pattern) => palette.map((colour) => ({ colour, pattern })));
  const look = looks.find((l) => !taken.has(`${l.colour} ${l.pattern}`)) ?? looks[at % looks.length]!;
  const keys = new Set(form.rows.map((r) => r.key));
  let n = at + 1;
  while (keys.has(`own-${n}`)) n++;
  const ranks = form.rows.map((r) => numberOf(r.rank)).filter((r) => r !== undefined);
  const isRanked = at === 0 || ranks.length === at;
  const row: ClassRow = { key: `own-${n}`, ja: value, en: '', ...look, rank: isRanked ? String(Math.max(0, ...ranks) + 1) : '', values: value, from: form.by === 'ranges' ? (form.rows[at - 1]?.to ?? '') : '', to: '' };
  return { ...form, rows: [...form.rows, row] };
}

export const withoutRow = (form: TableForm, at: number): TableForm => ({ ...form, rows: form.rows.filter((_, i) => i !== at) });
export const changed = (form: TableForm, at: number, part: Partial<ClassRow>): TableForm => ({ ...form, rows: form.rows.map((r, i) => (i === at ? { ...r, ...part } : r)) });

type Rgb = [number, number, number];

const linear = (hex: string): Rgb => [1, 3, 5].map((i) => ((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))(parseInt(hex.slice(i, i + 2), 16) / 255)) as Rgb;

/** How linear RGB is seen without red, green or blue cones (Machado, Oliveira and Fernandes 2009, severity 1), and as it is. */
const sights: number[][] = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
];

function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const seen = (hex: string, m: number[]): Rgb => {
  const [r, g, b] = linear(hex);
  return lab([0, 3, 6].map((i) => Math.min(1, Math.max(0, m[i]! * r + m[i + 1]! * g + m[i + 2]! * b))) as Rgb);
};

/** The least difference (CIE 1976) of two colours for any kind of colour sight. */
export const leastDifference = (a: string, b: string) => Math.min(...sights.map((m) => Math.hypot(...seen(a, m).map((v, i) => v - seen(b, m)[i]!))));

const tellable = 8;

/** Pairs of classes (places from 0) that somebody could take for each other: the same pattern and hardly another colour. */
export function alike(rows: Pick<ClassRow, 'colour' | 'pattern'>[]): [number, number][] {
  return rows.flatMap((a, i) => rows.slice(i + 1).flatMap((b, j): [number, number][] => (a.pattern === b.pattern && leastDifference(a.colour, b.colour) < tellable ? [[i, i + 1 + j]] : [])));
}
