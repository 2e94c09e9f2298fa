import type { LayerClass, MapLayer, Shown } from './types';

const storageKey = 'field.layers';
const hidden: Shown = { on: false, opacity: 0.7 };

/** What was chosen before in this browser; nothing of it when it cannot be read. */
export function readShown(storage: Pick<Storage, 'getItem'>): Record<string, Shown> {
  try {
    const kept = JSON.parse(storage.getItem(storageKey) ?? '{}') as Record<string, Partial<Shown>>;
    return Object.fromEntries(Object.entries(kept).map(([id, s]) => [id, { on: s.on === true, opacity: typeof s.opacity === 'number' ? Math.min(1, Math.max(0.1, s.opacity)) : hidden.opacity }]));
  } catch {
    return {};
  }
}

export function writeShown(storage: Pick<Storage, 'setItem'>, shown: Record<string, Shown>): void {
  try {
    storage.setItem(storageKey, JSON.stringify(shown));
  } catch {
    // A browser that keeps nothing forgets it at the next start, and nothing else.
  }
}

export const shownOf = (shown: Record<string, Shown>, id: string): Shown => shown[id] ?? hidden;

/** The legend that all these layers share, so that it is said once; null when they differ or have none. */
export function sharedLegend(layers: MapLayer[]): LayerClass[] | null {
  const [first, ...others] = layers.map((l) => JSON.stringify(l.classTable?.classes ?? null));
  return first !== undefined && first !== 'null' && others.every((o) => o === first) ? layers[0]!.classTable!.classes : null;
}

/** The layers by kind, in the order in which the server names the kinds; kinds without a layer are left out. */
export function byKind(kinds: string[], layers: MapLayer[]): [string, MapLayer[]][] {
  const known = [...kinds, ...layers.map((l) => l.kind).filter((k) => !kinds.includes(k))];
  return [...new Set(known)].map((kind): [string, MapLayer[]] => [kind, layers.filter((l) => l.kind === kind)]).filter(([, some]) => some.length > 0);
}
