interface HasRevision {
  properties: { revision: number };
}

/** What changed between two looks at a table. */
export interface TableChange<F> {
  changed: F[];
  /** ids that are no longer to be shown */
  removed: string[];
  /** The whole table was replaced: `changed` is its present content. */
  reset: boolean;
}

/**
 * The newest state of every feature of one kind. Messages and snapshots may arrive in any order and any number of
 * times: the highest revision wins, so applying them is commutative and idempotent.
 */
export class FeatureTable<F extends HasRevision> {
  private readonly byId = new Map<string, F>();
  private readonly dirty = new Set<string>();
  /** Revisions at which features went, so that no older message brings one back, and what took their place. */
  private readonly gone = new Map<string, { revision: number; heir: string | null }>();
  private resetPending = false;
  private snapshot: number | null = null;
  private changes = 0;
  private readonly counts = new Map<(feature: F) => boolean, { version: number; count: number }>();

  constructor(
    private readonly idOf: (feature: F) => string,
    private readonly isGone: (feature: F) => boolean = () => false,
    private readonly heirOf: (feature: F) => string | null = () => null,
  ) {}

  /** Grows with every accepted change. */
  get version(): number {
    return this.changes;
  }

  /** Revision of the last snapshot: what to ask for next. Live messages do not move it, as one of them may be lost. */
  get snapshotRevision(): number | null {
    return this.snapshot;
  }

  get size(): number {
    return this.byId.size;
  }

  get(id: string): F | undefined {
    return this.byId.get(id);
  }

  /** The feature that took the place of one that went; null: none did, or it never went. */
  heir(id: string): string | null {
    return this.gone.get(id)?.heir ?? null;
  }

  /** The revision at which a feature went; null: it never did. */
  goneAt(id: string): number | null {
    return this.gone.get(id)?.revision ?? null;
  }

  values(): F[] {
    return [...this.byId.values()];
  }

  /** How many pass a test that is always the same function: counted anew only after a change, since panels ask several times a second. */
  count(passes: (feature: F) => boolean): number {
    const known = this.counts.get(passes);
    if (known?.version === this.changes) return known.count;
    let count = 0;
    for (const feature of this.byId.values()) if (passes(feature)) count++;
    this.counts.set(passes, { version: this.changes, count });
    return count;
  }

  /** Keeps the feature unless a newer one is known; true when it was new or newer. */
  apply(feature: F): boolean {
    const id = this.idOf(feature);
    const { revision } = feature.properties;
    const known = this.byId.get(id)?.properties.revision ?? this.gone.get(id)?.revision ?? -1;
    if (known >= revision) return false;
    if (this.isGone(feature)) {
      this.byId.delete(id);
      this.gone.set(id, { revision, heir: this.heirOf(feature) });
    } else {
      this.gone.delete(id);
      this.byId.set(id, feature);
    }
    this.dirty.add(id);
    this.changes++;
    return true;
  }

  /** Takes a snapshot in. One with a lower revision than the last comes from a store that began anew: all is replaced. */
  applySnapshot(features: readonly F[], revision: number): void {
    if (this.snapshot !== null && revision < this.snapshot) this.clear();
    for (const feature of features) this.apply(feature);
    this.snapshot = revision;
    this.changes++;
  }

  /** Forgets everything. */
  clear(): void {
    this.byId.clear();
    this.gone.clear();
    this.dirty.clear();
    this.snapshot = null;
    this.resetPending = true;
    this.changes++;
  }

  /** What changed since the last call. */
  takeChanges(): TableChange<F> {
    const reset = this.resetPending;
    const changed = reset ? this.values() : [...this.dirty].flatMap((id) => this.byId.get(id) ?? []);
    const removed = reset ? [] : [...this.dirty].filter((id) => this.gone.has(id));
    this.dirty.clear();
    this.resetPending = false;
    return { changed, removed, reset };
  }
}
