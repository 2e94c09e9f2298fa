import { lazy, Suspense, useCallback, useContext, useDeferredValue, useEffect, useMemo, useRef, useState, useSyncExternalStore, type Dispatch } from 'react';
import { ProofDialog } from './access/ProofDialog';
import type { Session } from './access/session';
import type { SiteConfig } from './api/types';
import { follow } from './live/sync';
import { boundsOf } from './map/bounds';
import { useT } from './i18n';
import type { MapController } from './map/mapController';
import { everything, MapView } from './map/MapView';
import { Pace } from './map/pace';
import { Drawer } from './panels/Drawer';
import { LayersPanel } from './panels/LayersPanel';
import { ListPanel } from './panels/ListPanel';
import { Attribution, MapButtons } from './panels/MapButtons';
import { BottomNav } from './panels/BottomNav';
import { PersonDialog } from './panels/PersonDialog';
import { Shortcuts } from './panels/Shortcuts';
import { LinkBar, TopBar, useShare } from './panels/TopBar';
import { Waiting } from './review/Notices';
import { ReviewScreen } from './review/ReviewScreen';
import { useReview } from './review/useReview';
import { FlightBanner } from './flights/FlightBanner';
import { FlightsTab } from './flights/FlightsTab';
import { useFlightMap } from './flights/useFlightMap';
import { useFlights } from './flights/useFlights';
import { PlaceCard } from './layers/PlaceCard';
import { WithdrawnNotice } from './layers/WithdrawnNotice';
import { everyLayer, useMapLayers, type LayerChoice } from './layers/useMapLayers';
import { DrawPanel, useDrawings } from './draw/DrawPanel';
import { MayContext } from './access/may';
import type { Permission } from './access/session';
import { commandEntries, placeEntries } from './commands/entries';
import { Palette } from './commands/Palette';
import { allowed, type Runs } from './commands/table';
import { useDoors, useDoorsOnMap } from './locks/useDoors';
import { PastBanner, TimeSlider } from './replay/TimeSlider';
import { useReplay } from './replay/useReplay';
import { BoardTab } from './board/BoardTab';
import { SituationBar } from './board/SituationBar';
import type { Item } from './board/items';
import { useBoard, useIncidents } from './board/useBoard';
import { passes, sortFindings } from './state/filters';
import { publishProbe } from './state/probe';
import { FieldStore } from './state/store';
import { isWide, type Selection, type UiAction, type UiState } from './state/ui';
import type { UrlState } from './state/url';
import { useKeys } from './useKeys';
import { useNow } from './useNow';

const ImpactPanel = lazy(() => import('./impact/ImpactPanel'));
const UploadDialog = lazy(() => import('./upload/UploadDialog'));
const AccountsDialog = lazy(() => import('./accounts/AccountsDialog'));
const WallScreen = lazy(() => import('./wall/WallScreen'));

const listPx = 360;
const drawerPx = 420;
const layersPx = 316;
const impactPx = 564;

interface Props {
  config: SiteConfig;
  session: Session;
  ui: UiState;
  act: Dispatch<UiAction>;
  start: UrlState;
  onTablet: () => void;
}

/** On the wall no layer is shown that not everybody may see who comes into the room. */
const wallLayers: LayerChoice = { ...everyLayer, accept: (layer) => layer.dataClass === 'public' || layer.dataClass === 'internal' };

/** The screen: one store, one map, the panels round it. */
export function App({ config, session, ui: asked, act: ask, start, onTablet }: Props) {
  const t = useT();
  const may = useContext(MayContext);
  const mayDecide = session.may.includes('findings.decide');
  const ui = mayDecide || !asked.review ? asked : { ...asked, review: false, personOpen: false };
  const act = useCallback((action: UiAction) => (mayDecide || action.do !== 'review' || !action.on) && ask(action), [mayDecide, ask]);
  const [pace] = useState(() => new Pace());
  const [store] = useState(() => new FieldStore(pace.next, pace.calm));
  const liveView = useSyncExternalStore(store.subscribe, store.getView);
  const replay = useReplay(store, liveView, pace);
  const { view } = replay;
  const isPast = replay.store !== store;
  const line = useRef<{ retry: () => void; redial: () => void } | null>(null);
  const retry = useCallback(() => line.current?.retry(), []);
  const redial = useCallback(() => line.current?.redial(), []);
  const [controller, setController] = useState<MapController | null>(null);
  const [ready, setReady] = useState(false);
  const [upload, setUpload] = useState<'never' | 'open' | 'closed'>('never');
  const wide = useWide();
  const hasPanels = useDeferredValue(true, false); // the map is made first, and loads while they are drawn

  useEffect(() => {
    const following = follow(config, store);
    line.current = following;
    return () => following.stop();
  }, [config, store]);

  const calmView = useDeferredValue(view);
  const findings = useMemo(
    () => sortFindings(calmView.findings.values().filter(passes(ui.filters)), ui.sort),
    [calmView, ui.filters, ui.sort],
  );
  const select = useCallback((selection: Selection | null) => act({ do: 'select', selection }), [act]);
  const primary = ui.selection?.kind === 'finding' ? calmView.findings.heir(ui.selection.id) : null;
  useEffect(() => {
    if (primary !== null) select({ kind: 'finding', id: primary }); // a link to a finding that was merged since leads to what stands for it
  }, [primary, select]);
  const clockNow = useNow();
  const now = useMemo(() => (replay.shownMs === null ? clockNow : new Date(replay.shownMs)), [replay.shownMs, clockNow]);
  const liveBoard = useBoard(useDeferredValue(liveView), ui.board, clockNow.getTime());
  const board = useBoard(calmView, ui.board, now.getTime());
  const isKnown = ![view.load.events, view.load.alarms, view.load.board].includes('loading');
  const chosenKey = ui.selection === null ? null : ui.selection.kind === 'item' ? ui.selection.id : `${ui.selection.kind}:${ui.selection.id}`;
  const chosenItem = chosenKey === null ? undefined : board.items.find((i) => i.key === chosenKey);
  const choose = useCallback((item: Item) => select(item.what.of === 'finding' ? { kind: 'finding', id: item.what.finding.properties.findingId } : { kind: 'item', id: item.key }), [select]);
  const step = (by: 1 | -1) => {
    if (ui.tab === 'board' && ui.listOpen) {
      const at = board.shown.findIndex((i) => i.key === chosenKey);
      const item = board.shown[at < 0 ? (by > 0 ? 0 : board.shown.length - 1) : Math.min(Math.max(at + by, 0), board.shown.length - 1)];
      return item && choose(item);
    }
    if (ui.selection?.kind === 'door') {
      const at = doors.list.findIndex((d) => d.door.device === ui.selection!.id);
      const door = doors.list[Math.min(Math.max(at + by, 0), doors.list.length - 1)];
      return door && select({ kind: 'door', id: door.door.device });
    }
    const at = ui.selection ? findings.findIndex((f) => f.properties.findingId === ui.selection!.id) : -1;
    const next = findings[at < 0 ? (by > 0 ? 0 : findings.length - 1) : Math.min(Math.max(at + by, 0), findings.length - 1)];
    if (next) select({ kind: 'finding', id: next.properties.findingId });
  };
  const review = useReview(store, calmView, ui, act);
  const flightsOpen = ui.listOpen && ui.tab === 'flights';
  const flights = useFlights(calmView, flightsOpen);
  const flight = flights.chosen && flights.review.data;
  const toGap = useFlightMap(controller, flight);
  const showGap = (index: number) => {
    if (!wide) act({ do: 'onlyMap' });
    toGap(index);
  };
  useIncidents(ui.wall ? null : controller, board.shown, chosenItem ?? null);
  useDrawings(controller, calmView, !ui.wall);
  const doors = useDoors(calmView, now);
  useDoorsOnMap(controller, doors, ui.selection?.kind === 'door' ? ui.selection.id : null, ui.layers.doors);
  const imported = useMapLayers(controller, ui.theme, ui.wall ? wallLayers : everyLayer);
  const renewLayers = imported.renew;
  useEffect(() => store.onLayers(renewLayers), [store, renewLayers]);
  const fit = () => controller?.fit(everything(view), true);
  const share = useShare();
  const slider = () => {
    if (ui.slider) replay.to(null);
    act({ do: 'slider' });
  };
  const wall = (on: boolean) => {
    if (on) replay.to(null);
    act({ do: 'wall', on });
  };
  const runs: Runs = ui.wall ? { wall: () => wall(false), back: () => wall(false) } : {
    find: () => act({ do: 'dialog', dialog: 'find' }),
    ...(!ui.route && { next: () => step(1), previous: () => step(-1) }), // another choice would close what is being typed
    board: () => act({ do: 'openTab', tab: 'board' }),
    situation: () => act(ui.person ? { do: 'dialog', dialog: 'situation' } : { do: 'askPerson', open: true }),
    statusReport: () => act(ui.person ? { do: 'dialog', dialog: 'statusReport' } : { do: 'askPerson', open: true }),
    draw: () => act({ do: 'draw', on: ui.draw === null }),
    impact: () => act({ do: 'impact', on: !ui.impact }),
    replay: slider,
    wall: () => wall(true),
    findings: () => act({ do: 'openTab', tab: 'findings' }),
    photos: () => act({ do: 'openTab', tab: 'photos' }),
    devices: () => act({ do: 'openTab', tab: 'devices' }),
    flights: () => act({ do: 'openTab', tab: 'flights' }),
    upload: () => setUpload('open'),
    ...(ui.selection?.kind === 'asset' && { route: () => act({ do: 'route', on: true }) }),
    review: () => act({ do: 'review', on: true }),
    locks: () => act({ do: 'dialog', dialog: 'locks' }),
    tablet: onTablet,
    list: () => act({ do: 'list' }),
    layers: () => act({ do: 'layers' }),
    importLayer: () => {
      if (!ui.layersOpen) act({ do: 'layers' });
      act({ do: 'dialog', dialog: 'importLayer' });
    },
    accounts: () => act({ do: 'dialog', dialog: 'accounts' }),
    fit,
    mask: () => act({ do: 'mask' }),
    share: share.copy,
    theme: () => act({ do: 'theme', theme: ui.theme === 'dark' ? 'light' : 'dark' }),
    language: () => act({ do: 'lang', lang: ui.lang === 'ja' ? 'en' : 'ja' }),
    back: () => (replay.atMs === null ? act({ do: 'back' }) : replay.to(null)),
    help: () => act({ do: 'help' }),
  };
  const mayNow = isPast ? pastMay : may;
  useKeys(ui, allowed(runs, mayNow));
  const onReady = useCallback(() => setReady(true), []);
  useEffect(() => publishProbe(ready, view), [ready, view]);

  const padding = useMemo(
    () => ({ left: wide && ui.listOpen ? listPx : 0, right: (ui.selection ? drawerPx : 0) + (wide && ui.layersOpen ? layersPx : 0) + (wide && ui.impact ? impactPx : 0) }),
    [wide, ui.listOpen, ui.layersOpen, ui.impact, ui.selection],
  );
  return (
    <MayContext value={mayNow}>
    <div className="app" data-wide={wide} data-list={ui.listOpen} data-drawer={ui.selection !== null} data-wall={ui.wall}>
      {!ui.wall && <TopBar share={share} onWall={() => wall(true)} config={config} session={session} view={view} ui={ui} act={act} drafts={review.drafts} onSelect={select} />}
      {!ui.review && !ui.wall && <SituationBar dialog={ui.dialog} situation={board.situation} counts={board.counts} isKnown={isKnown} store={store} person={ui.person} isOpen={ui.listOpen && ui.tab === 'board'} act={act} />}
      <main className="stage" aria-label={ui.review ? t.review.title : t.map.label}>
        {ui.review && <ReviewScreen review={review} view={calmView} ui={ui} act={act} wide={wide} onRetry={retry} />}
        <div className="map-screen" hidden={ui.review}>
        <MapView {...{ config, view, ui, padding, pace, onReady }} store={replay.store} start={start} onSelect={select} onController={setController} />
        {!ui.review && <PastBanner replay={replay} />}
        {hasPanels && ui.listOpen && !ui.review && <ListPanel {...{ view: calmView, ui, act, findings }} onSelect={select} onRetry={retry} board={<BoardTab view={calmView} ui={ui} act={act} items={board.items} shown={board.shown} chosen={chosenKey} now={now} onChoose={choose} onRetry={retry} />} flights={<FlightsTab flights={flights} chosenPhoto={ui.selection?.id ?? null} onSelect={select} onShowGap={showGap} onUpload={may.has('photos.upload') ? () => setUpload('open') : null} />} />}
        {flight && !flightsOpen && !ui.review && <FlightBanner review={flight} onDetails={() => act({ do: 'openTab', tab: 'flights' })} onClose={() => flights.choose(null)} />}
        {hasPanels && ui.layersOpen && !ui.review && <LayersPanel {...{ config, ui, act }} view={calmView} shown={findings.length} doors={doors.list} imported={imported} onFit={(bounds) => controller?.fit(bounds, true)} />}
        {!ui.review && <WithdrawnNotice layers={imported} />}
        {!ui.review && !ui.wall && !(ui.layersOpen && !wide) && <PlaceCard layers={imported} />}
        {ui.draw && !ui.review && <DrawPanel controller={controller} view={view} store={store} theme={ui.theme} person={ui.person} chosen={ui.draw.chosen} onChoose={(chosen) => act({ do: 'draw', on: true, chosen })} onAskPerson={() => act({ do: 'askPerson', open: true })} onClose={() => act({ do: 'draw', on: false })} />}
        {ui.impact && !ui.review && session.may.includes('impact.run') && (
          <Suspense>
            <ImpactPanel controller={controller} layers={imported.list} view={view} onClose={() => act({ do: 'impact', on: false })} />
          </Suspense>
        )}
        {!ui.wall && <MapButtons ui={ui} act={act} onZoom={(by) => controller?.zoomBy(by)} onFit={fit} onSlider={slider} />}
        <Attribution config={config} ui={ui} />
        {ui.selection && !ui.review && <Drawer {...{ view, store: replay.store, ui, act, findings, controller, doors }} item={chosenItem} board={{ crews: board.crews, person: ui.person, onAskPerson: () => act({ do: 'askPerson', open: true }) }} selection={ui.selection} onSelect={select} onStep={step} onRetry={retry} />}
        </div>
        {!ui.wall && (
          <div className="bars">
            <LinkBar view={view} />
            {!ui.review && <Waiting review={review} />}
          </div>
        )}
      </main>
      {ui.slider && !ui.review && <TimeSlider replay={replay} items={liveBoard.items} now={clockNow} />}
      {ui.wall && <Suspense><WallScreen {...{ config, controller, isKnown }} view={calmView} items={board.items} counts={board.counts} situation={board.situation} onRedial={redial} onLeave={() => wall(false)} /></Suspense>}
      {!wide && !ui.review && !ui.wall && <BottomNav ui={ui} act={act} />}
      {ui.dialog === 'find' && (
          <Palette commands={commandEntries(t, runs, mayNow)} onClose={() => act({ do: 'dialog', dialog: null })}
            places={() => placeEntries(t, {
              view: calmView, items: board.items, layers: imported.list?.layers ?? [], lang: ui.lang, select, choose,
              show: (geometry) => controller?.fit(boundsOf([geometry]), true, 17),
              showLayer: (layer) => {
                imported.change(layer.layerId, { on: true });
                if (layer.bounds) controller?.fit(layer.bounds, true);
              },
            })} />
      )}
      <Shortcuts open={ui.helpOpen} review={ui.review} onClose={() => act({ do: 'help' })} />
      {upload !== 'never' && <Suspense><UploadDialog {...{ config, view: calmView }} owner={session.person?.name ?? ''} open={upload === 'open'} onOpen={(on) => setUpload(on ? 'open' : 'closed')} /></Suspense>}
      {ui.dialog === 'accounts' && session.person && may.has('accounts.view') && <Suspense><AccountsDialog person={session.person} onClose={() => act({ do: 'dialog', dialog: null })} /></Suspense>}
      {session.person && <ProofDialog person={session.person} />}
      <PersonDialog open={ui.personOpen && session.person === null} name={ui.person} onSave={(name) => act({ do: 'person', name })} onClose={() => act({ do: 'askPerson', open: false })} />
    </div>
    </MayContext>
  );
}

/** Of the past nothing can be changed. */
const pastMay: ReadonlySet<Permission> = new Set(['map.view']);

/** Whether the panels have room beside the map. */
function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('resize', changed);
      return () => window.removeEventListener('resize', changed);
    },
    () => isWide(),
  );
}
