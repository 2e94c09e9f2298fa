import { idOf, isHidden, type AssetFeature, type DeviceFeature, type EventFeature, type FeatureOf, type FindingFeature, type Kind, type PhotoFeature, type Snapshot } from '../api/types';
import type { LiveMessage } from '../live/messages';
import type { Measurement } from '../live/senml';
import type { AlarmFeature, BoardFeature } from '../board/types';
import { coalesce } from './coalesce';
import { FeatureTable, type TableChange } from './featureTable';

export type LinkState = 'connecting' | 'live' | 'reconnecting' | 'offline';
export type LoadState = 'loading' | 'loaded' | 'failed';

/** One drawing's worth of news, for the map. */
export interface Changes {
  photos: TableChange<PhotoFeature>;
  findings: TableChange<FindingFeature>;
  devices: TableChange<DeviceFeature>;
  assets: TableChange<AssetFeature>;
  /** findings that came live and were not known before */
  arrived: FindingFeature[];
}

/** What the panels see; a new object per drawing, the tables inside are shared and only read. */
export interface View {
  version: number;
  photos: FeatureTable<PhotoFeature>;
  findings: FeatureTable<FindingFeature>;
  devices: FeatureTable<DeviceFeature>;
  events: FeatureTable<EventFeature>;
  alarms: FeatureTable<AlarmFeature>;
  assets: FeatureTable<AssetFeature>;
  board: FeatureTable<BoardFeature>;
  telemetry: ReadonlyMap<string, ReadonlyMap<string, Measurement>>;
  link: LinkState;
  /** milliseconds since 1970 when the line was last known alive */
  heardAtMs: number | null;
  load: Record<Kind, LoadState>;
}

const maxSeriesPerDevice = 100;

/** All that is known, from snapshots and live messages; listeners hear of it once per frame, or more seldom. */
export class FieldStore {
  private readonly tables = {
    photos: new FeatureTable<PhotoFeature>(idOf.photos),
    findings: new FeatureTable<FindingFeature>(idOf.findings, isHidden, (f) => f.properties.mergedInto ?? null),
    devices: new FeatureTable<DeviceFeature>(idOf.devices),
    events: new FeatureTable<EventFeature>(idOf.events),
    alarms: new FeatureTable<AlarmFeature>(idOf.alarms),
    assets: new FeatureTable<AssetFeature>(idOf.assets),
    board: new FeatureTable<BoardFeature>(idOf.board, (f) => f.properties.removedAt != null),
  };
  private readonly telemetry = new Map<string, Map<string, Measurement>>();
  private readonly load: Record<Kind, LoadState> = { photos: 'loading', findings: 'loading', devices: 'loading', events: 'loading', alarms: 'loading', assets: 'loading', board: 'loading' };
  private link: LinkState = 'connecting';
  private heardAtMs: number | null = null;
  private arrived: FindingFeature[] = [];
  private view: View = this.look(0);
  private readonly listeners = new Set<() => void>();
  private readonly changeListeners = new Set<(changes: Changes) => void>();
  private readonly layerListeners = new Set<() => void>();
  private readonly changed: () => void;
  private readonly tell: () => void;
  private readonly tellNow = () => this.listeners.forEach((listener) => listener());

  /**
   * @param schedule when the map hears of changes
   * @param calm when the panels hear that there are some
   */
  constructor(schedule: (run: () => void) => void, calm: (run: () => void) => void = (run) => run()) {
    this.changed = coalesce(() => this.flush(), schedule);
    this.tell = coalesce(this.tellNow, calm);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getView = (): View => this.view;

  /** The map's listener: hears what changed, not only that something did. */
  onChanges(listener: (changes: Changes) => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  /** Hears that an imported layer came, changed or went. */
  onLayers(listener: () => void): () => void {
    this.layerListeners.add(listener);
    return () => this.layerListeners.delete(listener);
  }

  snapshotRevision(kind: Kind): number | null {
    return this.tables[kind].snapshotRevision;
  }

  applyLive(message: LiveMessage): void {
    if (message.kind === 'layer') return this.layerListeners.forEach((listener) => listener());
    if (message.kind === 'telemetry') this.applyTelemetry(message.device, message.measurements);
    else if (message.kind === 'findings') this.applyLiveFinding(message.feature);
    else (this.tables[message.kind] as FeatureTable<FeatureOf[Kind]>).apply(message.feature);
    this.changed();
  }

  /** What came of an action on this page: shown at once, since its next action starts from it. */
  applyOwn(message: LiveMessage): void {
    this.applyLive(message);
    this.flush(this.tellNow);
  }

  applySnapshot<K extends Kind>(kind: K, snapshot: Snapshot<FeatureOf[K]>): void {
    (this.tables[kind] as FeatureTable<FeatureOf[Kind]>).applySnapshot(snapshot.features, snapshot.revision);
    this.load[kind] = 'loaded';
    this.changed();
  }

  /** Everything is replaced: for a state of the past. */
  become(all: { [K in Kind]: FeatureOf[K][] }): void {
    for (const [kind, features] of Object.entries(all) as [Kind, FeatureOf[Kind][]][]) {
      const table = this.tables[kind] as FeatureTable<FeatureOf[Kind]>;
      table.clear();
      table.applySnapshot(features, 0);
      this.load[kind] = 'loaded';
    }
    this.telemetry.clear();
    this.changed();
  }

  clear(kind: Kind): void {
    this.tables[kind].clear();
    this.changed();
  }

  /** A snapshot did not come; what is already known stays on the screen. */
  snapshotFailed(kind: Kind): void {
    if (this.load[kind] === 'loading') this.load[kind] = 'failed';
    this.changed();
  }

  setLink(link: LinkState): void {
    if (this.link === link) return;
    this.link = link;
    this.changed();
  }

  /** Remembered without a drawing of its own: only a broken line shows it. */
  heard(atMs: number): void {
    this.heardAtMs = atMs;
  }

  private applyLiveFinding(feature: FindingFeature): void {
    const isNew = this.tables.findings.get(feature.properties.findingId) === undefined;
    if (this.tables.findings.apply(feature) && isNew && !isHidden(feature) && this.load.findings === 'loaded') this.arrived.push(feature);
  }

  private applyTelemetry(device: string, measurements: Measurement[]): void {
    const series = new Map(this.telemetry.get(device));
    for (const m of measurements) {
      const known = series.get(m.name);
      if (known ? known.timeS <= m.timeS : series.size < maxSeriesPerDevice) series.set(m.name, m);
    }
    this.telemetry.set(device, series);
  }

  private flush(tell = this.tell): void {
    const changes: Changes = {
      photos: this.tables.photos.takeChanges(),
      findings: this.tables.findings.takeChanges(),
      devices: this.tables.devices.takeChanges(),
      assets: this.tables.assets.takeChanges(),
      arrived: this.arrived,
    };
    this.arrived = [];
    this.view = this.look(this.view.version + 1);
    for (const listener of this.changeListeners) listener(changes);
    tell();
  }

  private look(version: number): View {
    return { version, ...this.tables, telemetry: this.telemetry, link: this.link, heardAtMs: this.heardAtMs, load: { ...this.load } };
  }
}
