import type { Feature, FeatureCollection, GeoJsonProperties } from 'geojson';
import { GeoJSONSource, Map as MapLibreMap, prewarm, ScaleControl, setWorkerUrl, type LayerSpecification, type MapMouseEvent } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { AssetFeature, FindingFeature, PhotoFeature, SiteConfig } from '../api/types';
import type { TableChange } from '../state/featureTable';
import { incidentCovers } from '../board/boardLayers';
import { doorCovers } from '../locks/doorLayers';
import type { Changes, View } from '../state/store';
import type { Selection, Theme } from '../state/ui';
import { draw, drawPattern } from '../layers/drawing';
import type { MapLayer, Shown } from '../layers/types';
import type { Box } from './bounds';
import { DeviceOverlay, type Cover } from './deviceOverlay';
import { drawIcon, iconPixelRatio } from './icons';
import { clickable, firstOverlay } from './overlayLayers';
import type { Pace } from './pace';
import { restyle } from './restyle';
import { assetShape, cameraPoint, collection, findingArea, findingPoint, footprint, keyed, keyOf, keyProperty } from './sources';
import { hide, initialStyle, layersFor, type Look } from './style';

setWorkerUrl(workerUrl);
prewarm(); // it starts while the page asks who is there and what the site is

export interface Padding {
  left: number;
  right: number;
  bottom?: number;
}

export interface MapHandlers {
  onSelect(selection: Selection | null): void;
  onMoved(lon: number, lat: number, zoom: number): void;
  /** Something that is known could not be drawn. */
  onLost(): void;
}

export interface StartView {
  lon: number | null;
  lat: number | null;
  zoom: number | null;
}

const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const edgePx = 48;
const equatorM = 40_075_016.7;
const settlingFrames = 30;
/** The browser's own record of when everything known was on the map, names still fading in. */
const firstMap = 'field:first-map';

/**
 * Seen from straight above there is no sky, but the library paints one over the whole screen in every frame and has no switch for it: without a graphics processor that was
 * two thirds of the time of a frame.
 */
function withoutSky(map: MapLibreMap): void {
  Object.assign(map.style.sky, { getEvaluated: () => undefined });
}

const coversOf = (shapes: Feature[], covers: (properties: GeoJsonProperties) => Omit<Cover, 'place'>[]): Cover[] =>
  shapes.flatMap(({ geometry, properties }) => (geometry.type === 'Point' ? covers(properties).map((cover) => ({ place: geometry.coordinates as [number, number], ...cover })) : []));

/** The map itself. Takes what changed, not everything, so that its cost follows the news and not the stock. */
export class MapController {
  private readonly map: MapLibreMap;
  private layers: LayerSpecification[];
  private drawn: LayerSpecification[];
  /** What the sources hold, by their names. */
  private readonly held = new Map<string, Set<unknown>>();
  private readonly said = new Map<string, string>();
  private shows: (f: FindingFeature) => boolean = () => true;
  private readonly devices: DeviceOverlay;
  private padding: Padding = { left: 0, right: 0 };
  private tap: ((lon: number, lat: number) => void) | null = null;
  private placing = false;
  private place: ((lon: number, lat: number, metresPerPixel: number) => void) | null = null;
  /** Its style stands: sources can be filled, and the first picture is drawn with what is in them. */
  readonly takesData: Promise<void>;

  constructor(
    container: HTMLElement,
    private readonly config: SiteConfig,
    city: FeatureCollection | null,
    look: Look,
    start: StartView,
    private readonly handlers: MapHandlers,
    private readonly pace: Pace,
  ) {
    this.layers = layersFor(look, config.gsiTiles !== null);
    const style = initialStyle(config, city, look);
    for (const [id, source] of Object.entries(style.sources)) {
      if (source.type === 'geojson') this.held.set(id, new Set((source.data as FeatureCollection).features));
    }
    this.drawn = this.withoutEmpty();
    const fixed = start.lon !== null && start.lat !== null;
    const center: [number, number] = fixed ? [start.lon!, start.lat!] : (config.base.center ?? [138, 37]);
    this.map = new MapLibreMap({
      container,
      style: { ...style, layers: this.drawn },
      center,
      zoom: start.zoom ?? (config.base.center ? config.base.zoom : 4.6),
      ...(config.base.bounds && !fixed ? { bounds: config.base.bounds } : {}),
      maxZoom: 24,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      localIdeographFontFamily: false,
      fadeDuration: calm() ? 0 : 200,
    });
    this.devices = new DeviceOverlay(this.map, look.theme, look.layers.devices);
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-right');
    this.map.setMissingStyleImageResolver((id) => {
      const pattern = drawPattern(id);
      if (pattern) this.map.addImage(id, pattern);
      const data = pattern ? null : drawIcon(id);
      if (data) this.map.addImage(id, data, { pixelRatio: iconPixelRatio });
      return Promise.resolve();
    });
    this.map.on('error', (e) => {
      console.error(e.error);
      if ('sourceId' in e && this.held.has(e.sourceId as string)) handlers.onLost();
    });
    this.map.on('click', (e) => this.clicked(e));
    this.map.on('mousemove', (e) => (this.map.getCanvas().style.cursor = this.placing ? 'crosshair' : !this.tap && this.at(e) ? 'pointer' : ''));
    const gl = this.map.getCanvas().getContext('webgl2');
    this.map.on('render', () => gl && pace.drawn(gl));
    this.map.on('moveend', () => {
      const { lng, lat } = this.map.getCenter();
      handlers.onMoved(lng, lat, this.map.getZoom());
    });
    this.takesData = this.map.once('style.load').then(() => withoutSky(this.map));
  }

  get canvas(): HTMLCanvasElement {
    return this.map.getCanvas();
  }

  /** The underlying map, for marks that come and go (arrivals). */
  get view(): MapLibreMap {
    return this.map;
  }

  setLook(look: Look): void {
    this.layers = layersFor(look, this.config.gsiTiles !== null);
    this.restyle();
    this.devices.setLook(look.theme, look.layers.devices);
  }

  /** Draws the imported layers that are on, under everything of Field's own. */
  setImported(layers: MapLayer[], shownOf: (id: string) => Shown, theme: Theme): void {
    draw(this.map, layers, shownOf, theme, firstOverlay);
  }

  /** Who is told of a click on the bare map, and how many metres a pixel is there. */
  setPlaceHandler(place: ((lon: number, lat: number, metresPerPixel: number) => void) | null): void {
    this.place = place;
  }

  apply(changes: Changes): void {
    this.update('assets', changes.assets, assetShape, (f) => f.properties.assetId);
    this.update('footprints', changes.photos, footprint, (f) => f.properties.photoId);
    this.update('cameras', changes.photos, cameraPoint, (f) => f.properties.photoId);
    this.devices.apply(changes.devices);
    const shown = (make: (f: FindingFeature) => Feature[]) => (f: FindingFeature) => (this.shows(f) ? make(f) : []);
    this.update('finding-areas', changes.findings, shown(findingArea), (f) => f.properties.findingId);
    this.update('finding-points', changes.findings, shown(findingPoint), (f) => f.properties.findingId);
  }

  /** Draws everything known; for the start. */
  applyAll(view: View): void {
    const all = <F>(table: { values(): F[] }): TableChange<F> => ({ changed: table.values(), removed: [], reset: true });
    this.apply({ photos: all(view.photos), findings: all(view.findings), devices: all(view.devices), assets: all(view.assets), arrived: [] });
  }

  /** Shows only findings that pass. */
  setFindingFilter(shows: (f: FindingFeature) => boolean, findings: FindingFeature[]): void {
    this.shows = shows;
    const kept = findings.filter(shows);
    this.put('finding-areas', kept.flatMap(findingArea));
    this.put('finding-points', kept.flatMap(findingPoint));
  }

  setSelection(shapes: Feature[]): void {
    this.draw('selection', shapes);
  }

  /** Puts the ring round a device. */
  chooseDevice(device: string | null): void {
    this.devices.choose(device);
  }

  /** What the open flight missed; while there is something of it, findings step back. */
  setFlight(shapes: Feature[]): void {
    this.draw('flight', shapes);
    const faded = shapes.length > 0 ? 0.25 : 1; // gaps lie under the findings of the same photos
    this.map.setPaintProperty('finding-badge', 'icon-opacity', faded);
    this.map.setPaintProperty('finding-cluster', 'circle-opacity', faded);
    this.map.setPaintProperty('finding-cluster', 'circle-stroke-opacity', faded);
    this.map.setPaintProperty('finding-cluster-count', 'text-opacity', faded);
  }

  /** What happened, as the board shows it. */
  setIncidents(shapes: Feature[]): void {
    if (this.draw('incidents', shapes)) this.devices.cover('incidents', coversOf(shapes, incidentCovers));
  }

  /** The doors of facilities; their locks are not drawn once more as devices. */
  setDoors(shapes: Feature[], locks: string[], isOn: boolean): void {
    this.draw('doors', shapes);
    this.devices.cover('doors', isOn ? coversOf(shapes, doorCovers) : []);
    this.devices.hide(isOn ? locks : []);
  }

  /** What people drew on the shared board. */
  setDrawings(shapes: Feature[]): void {
    this.draw('drawings', shapes);
  }

  /** What is being drawn now. */
  setSketch(shapes: Feature[]): void {
    this.put('sketch', shapes);
  }

  /** How far two places lie apart on the screen. */
  distancePx(one: [number, number], other: [number, number]): number {
    return this.map.project(one).dist(this.map.project(other));
  }

  /** Draws a planned route; nothing clears it. */
  setRoute(shapes: Feature[]): void {
    this.draw('route', shapes);
  }

  /** Until null is given, a click names a place and chooses nothing; `placing`: the cursor says so. */
  setTap(tap: ((lon: number, lat: number) => void) | null, placing: boolean): void {
    this.tap = tap;
    this.placing = placing;
    if (placing) this.map.doubleClickZoom.disable();
    else this.map.doubleClickZoom.enable();
    this.map.getCanvas().style.cursor = placing ? 'crosshair' : '';
  }

  /** The middle of the part of the map that no panel covers. */
  middle(): [number, number] {
    const { clientWidth, clientHeight } = this.map.getCanvas();
    const { lng, lat } = this.map.unproject([(clientWidth + this.padding.left - this.padding.right) / 2, (clientHeight - (this.padding.bottom ?? 0)) / 2]);
    return [lng, lat];
  }

  setPadding(padding: Padding): void {
    this.padding = padding;
  }

  fit(box: Box | null, animate: boolean, maxZoom = 19): void {
    const bounds = box ?? this.config.base.bounds;
    if (!bounds) return;
    const padding = { top: edgePx, bottom: (this.padding.bottom ?? 0) + edgePx, left: this.padding.left + edgePx, right: this.padding.right + edgePx };
    this.map.fitBounds(bounds, { padding, maxZoom, animate: animate && !calm() });
  }

  /** Brings a place into the free part of the map, near enough to see it; nearer than that stays nearer. */
  show(place: [number, number], leastZoom: number, animate = true): void {
    const zoom = Math.max(this.map.getZoom(), leastZoom);
    const offset: [number, number] = [(this.padding.left - this.padding.right) / 2, -(this.padding.bottom ?? 0) / 2];
    this.map.easeTo({ center: place, zoom, offset, duration: 500, animate: animate && !calm() });
  }

  zoomBy(levels: number): void {
    this.map.easeTo({ zoom: this.map.getZoom() + levels, duration: 200, animate: !calm() });
  }

  /** Runs once what is known has been drawn: the map rests, or, where news never lets it rest, each source was loaded since and frames enough followed for its names to be laid out. */
  whenDrawn(run: () => void): void {
    const waiting = new Set(Object.keys(this.map.getStyle().sources));
    let frames = 0;
    const done = () => {
      this.map.off('render', look);
      this.map.off('idle', done);
      run();
    };
    const look = () => {
      for (const id of waiting) if (!this.map.getSource(id) || this.map.isSourceLoaded(id)) waiting.delete(id);
      if (waiting.size > 0) return;
      if (frames === 0) performance.mark(firstMap);
      if (!this.map.isMoving() && ++frames > settlingFrames) done();
    };
    this.map.on('render', look);
    this.map.on('idle', done);
    this.map.triggerRepaint();
  }

  remove(): void {
    this.pace.forget();
    this.map.remove();
  }

  private source(id: string): GeoJSONSource {
    return this.map.getSource(id) as GeoJSONSource;
  }

  private update<F extends PhotoFeature | FindingFeature | AssetFeature>(
    id: string,
    change: TableChange<F>,
    make: (f: F) => Feature[],
    idOf: (f: F) => string,
  ): void {
    if (change.reset) return this.put(id, change.changed.flatMap(make));
    const add = keyed(change.changed.flatMap(make));
    const kept = new Set(add.map((f) => f.properties![keyProperty] as string));
    const remove = [...change.removed, ...change.changed.map(idOf)].map(keyOf).filter((known) => !kept.has(known));
    if (add.length + remove.length === 0) return;
    this.pace.told(this.source(id).updateData({ add, remove }));
    const held = this.held.get(id)!;
    const wasEmpty = held.size === 0;
    for (const gone of remove) held.delete(gone);
    for (const key of kept) held.add(key);
    if (wasEmpty !== (held.size === 0)) this.restyle();
  }

  /** Replaces what a small source holds, unless it is the same: panels say it again at every tick of the clock, and the map would draw everything anew. */
  private draw(id: string, shapes: Feature[]): boolean {
    const text = JSON.stringify(shapes);
    if ((this.said.get(id) ?? '[]') === text) return false;
    this.said.set(id, text);
    this.put(id, shapes);
    return true;
  }

  /** Replaces what a source holds. */
  private put(id: string, features: Feature[]): void {
    this.pace.told(this.source(id).setData(collection(keyed(features))));
    const wasEmpty = this.held.get(id)!.size === 0;
    this.held.set(id, new Set(features.map((f, at): unknown => f.properties?.[keyProperty] ?? at)));
    if (wasEmpty !== (features.length === 0)) this.restyle();
  }

  private restyle(): void {
    const next = this.withoutEmpty();
    restyle(this.map, this.drawn, next);
    this.drawn = next;
  }

  /** The map draws the clipping masks of every tile of a source over the whole screen, also when there is nothing in them: a layer of an empty source is hidden. */
  private withoutEmpty(): LayerSpecification[] {
    return this.layers.map((layer) => ('source' in layer && this.held.get(layer.source)?.size === 0 ? hide(layer, true) : layer));
  }

  private at(e: MapMouseEvent) {
    const layers = clickable.filter((layer) => this.map.getLayer(layer));
    const { x, y } = e.point;
    const reachPx = 6; // a finger or a tired hand does not hit a pixel
    const near = this.map.queryRenderedFeatures([[x - reachPx, y - reachPx], [x + reachPx, y + reachPx]], { layers }).map((f) => ({ layer: f.layer.id, properties: f.properties }));
    const device = this.devices.near(e.point, reachPx);
    if (device !== null) near.push({ layer: 'device', properties: { kind: 'device', id: device } });
    const rank = (layer: string) => clickable.indexOf(layer);
    return near.sort((a, b) => rank(a.layer) - rank(b.layer))[0];
  }

  private clicked(e: MapMouseEvent): void {
    if (this.tap) return this.tap(e.lngLat.lng, e.lngLat.lat);
    const hit = this.at(e);
    if (!hit) {
      const metresPerPixel = (Math.cos((e.lngLat.lat * Math.PI) / 180) * equatorM) / (512 * 2 ** this.map.getZoom());
      this.place?.(e.lngLat.lng, e.lngLat.lat, metresPerPixel);
      return this.handlers.onSelect(null);
    }
    if (hit.layer === 'finding-cluster') {
      const id = Number(hit.properties['cluster_id']);
      void this.source('finding-points').getClusterExpansionZoom(id).then((zoom) => this.show([e.lngLat.lng, e.lngLat.lat], zoom + 0.2));
      return;
    }
    this.handlers.onSelect({ kind: hit.properties['kind'] as Selection['kind'], id: String(hit.properties['id']) });
  }
}
