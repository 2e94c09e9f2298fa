import { Minus, Moon, PanelLeft, Plus, Sun } from 'lucide-react';
import { useEffect, useEffectEvent, useReducer, useState } from 'react';
import type { SiteConfig } from '../api/types';
import { dictionaries, useT, type Lang } from '../i18n';
import { LayerKinds } from '../layers/ImportedLayers';
import { PlaceCard } from '../layers/PlaceCard';
import { useMapLayers, type LayerChoice } from '../layers/useMapLayers';
import { WithdrawnNotice } from '../layers/WithdrawnNotice';
import type { MapController } from '../map/mapController';
import { Empty, Failed, Loading } from '../panels/States';
import type { Theme } from '../state/ui';
import { usePrintSheet } from './PrintSheet';
import { PublicMap } from './PublicMap';
import { drawingOf, readLink, reduceDrawing, writeLink } from './route';
import { RoutePanel } from './RoutePanel';
import { usePublicTexts } from './texts';
import { useCrossings } from './useCrossings';
import { useRouteOnMap } from './useRouteOnMap';

const panelPx = 380;
/** Of the map's height, on a phone (public.css). */
const phonePanelShare = 0.44;
const shownAtFirst = ['flood', 'landslide', 'tsunami', 'surge', 'shelter'];

interface Props {
  config: SiteConfig;
  lang: Lang;
  theme: Theme;
  onLang: (lang: Lang) => void;
  onTheme: (theme: Theme) => void;
}

/** The page for citizens: what was published, a way of one's own, paper. */
export function PublicApp({ config, lang, theme, onLang, onTheme }: Props) {
  const t = useT();
  const p = usePublicTexts();
  const [link] = useState(() => readLink(window.location.hash));
  const [controller, setController] = useState<MapController | null>(null);
  const [drawing, act] = useReducer(reduceDrawing, link.points, drawingOf);
  const [isDrawing, setIsDrawing] = useState(false);
  const [panel, setPanel] = useState(true);
  const [choice] = useState(() => choiceOf(link.layers));
  const layers = useMapLayers(controller, theme, choice);
  const { list } = layers;
  const on = list?.layers.filter((l) => layers.shown(l.layerId).on) ?? [];
  const site = lang === 'ja' ? config.siteName : config.siteNameEn || config.siteName;
  const [name, setName] = useState('');

  const isLoaded = list !== null;
  const shownIds = on.map((l) => l.layerId).join(',');
  useEffect(() => {
    if (isLoaded) window.history.replaceState(null, '', window.location.pathname + window.location.search + writeLink(drawing.points, shownIds.split(',').filter(Boolean)));
  }, [isLoaded, drawing.points, shownIds]);
  useEffect(() => {
    document.title = p.title(site);
  }, [p, site]);

  const coveredPx = panel && window.innerWidth >= 720 ? panelPx : 0;
  const isPhone = window.innerWidth < 720;
  useEffect(() => controller?.setPadding({ left: coveredPx, right: 0, bottom: panel && isPhone ? controller.canvas.clientHeight * phonePanelShare : 0 }), [controller, coveredPx, panel, isPhone]);
  const showRoute = useRouteOnMap(controller, drawing.points, isDrawing, act, theme);
  useEffect(() => {
    if (controller && link.points.length > 0) showRoute(link.points, false);
  }, [controller, link, showRoute]);
  const begin = useEffectEvent((c: MapController) => {
    const boxes = (on.length > 0 ? on : (list?.layers ?? [])).flatMap((l) => (l.bounds ? [l.bounds] : []));
    if (boxes.length > 0) c.fit([Math.min(...boxes.map((b) => b[0])), Math.min(...boxes.map((b) => b[1])), Math.max(...boxes.map((b) => b[2])), Math.max(...boxes.map((b) => b[3]))], false);
  });
  const isPlaced = link.points.length > 0 || config.base.bounds !== null || config.base.center !== null;
  useEffect(() => {
    if (controller && isLoaded && !isPlaced) begin(controller); // a site that says of no place where it is begins where its layers are
  }, [controller, isLoaded, isPlaced]);
  const crossed = useCrossings(controller, drawing.points, on);
  const [sheet, print] = usePrintSheet({ config, controller, points: drawing.points, on, crossed, name, coveredPx });

  return (
    <div className="app public-app" data-panel={panel}>
      <header className="topbar">
        <h1><span className="site">{p.title(site)}</span></h1>
        {config.synthetic && <span className="synthetic" title={t.syntheticLong}>{t.synthetic}</span>}
        <span className="grow" />
        <button type="button" className="tool" aria-pressed={panel} onClick={() => setPanel((v) => !v)}><PanelLeft aria-hidden /> {p.openPanel}</button>
        <button type="button" className="tool" lang={lang === 'ja' ? 'en' : 'ja'} onClick={() => onLang(lang === 'ja' ? 'en' : 'ja')} aria-label={`${t.top.language}: ${dictionaries[lang === 'ja' ? 'en' : 'ja'].languageName}`}>{dictionaries[lang === 'ja' ? 'en' : 'ja'].languageName}</button>
        <button type="button" className="tool icon" onClick={() => onTheme(theme === 'dark' ? 'light' : 'dark')} aria-label={theme === 'dark' ? t.top.themeToLight : t.top.themeToDark}>{theme === 'dark' ? <Sun aria-hidden /> : <Moon aria-hidden />}</button>
      </header>
      <main className="stage">
        <PublicMap config={config} theme={theme} lang={lang} fixed={link.points.length > 0} onController={setController} />
        {isDrawing && <span className="public-cross" aria-hidden>＋</span>}
        {panel && (
          <section className="panel public-panel" aria-label={p.panel}>
            <RoutePanel {...{ controller, drawing, act, isDrawing, crossed, broken: link.broken }} layers={on} name={name} onName={setName} onDrawing={setIsDrawing} onShowAll={() => showRoute(drawing.points, true)} onPrint={print} />
            <section aria-label={p.layers}>
              <h2>{p.layers}</h2>
              {list === null && !layers.failed && <Loading rows={3} />}
              {list === null && layers.failed && <Failed title={t.imported.failed} onRetry={layers.renew} />}
              {list !== null && layers.failed && <p className="quiet" role="status">{p.stale}</p>}
              {list?.layers.length === 0 && <Empty title={p.noLayers} />}
              {list && <LayerKinds layers={layers} onFit={(bounds) => controller?.fit(bounds, true)} onEdit={null} />}
            </section>
            <p className="public-caution">{p.caution}</p>
          </section>
        )}
        <WithdrawnNotice layers={layers} />
        {!isDrawing && <PlaceCard layers={layers} />}
        <div className="map-buttons">
          <div className="button-stack">
            <button type="button" className="tool icon" onClick={() => controller?.zoomBy(1)} aria-label={p.zoomIn} title={p.zoomIn}><Plus aria-hidden /></button>
            <button type="button" className="tool icon" onClick={() => controller?.zoomBy(-1)} aria-label={p.zoomOut} title={p.zoomOut}><Minus aria-hidden /></button>
          </div>
        </div>
        <p className="attribution">{[config.gsiTiles?.attribution ?? (lang === 'ja' ? config.base.attribution : config.base.attributionEn), ...new Set(on.map((l) => l.attribution)), 'MapLibre'].filter(Boolean).join(' | ')}</p>
      </main>
      {sheet}
    </div>
  );
}

/** A link shows what its maker saw; who comes for the first time sees what matters most. */
function choiceOf(linked: string[] | null): LayerChoice {
  return {
    accept: (l) => l.dataClass === 'public', // opened inside the office, the page still shows only what the public would see
    first: (layers, kept) => linked !== null ? Object.fromEntries(layers.map((l) => [l.layerId, linked.includes(l.layerId)]))
      : layers.some((l) => kept[l.layerId]) ? {}
      : Object.fromEntries(layers.map((l) => [l.layerId, shownAtFirst.includes(l.kind) && !l.withdrawnOn])),
  };
}
