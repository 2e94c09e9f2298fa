import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react';
import { encode } from 'uqr';
import type { SiteConfig } from '../api/types';
import { useLang, useT } from '../i18n';
import { Swatch } from '../layers/Swatch';
import type { MapLayer } from '../layers/types';
import type { MapController } from '../map/mapController';
import type { Crossing, Place } from './route';
import { CrossingList, RouteFacts } from './RoutePanel';
import { usePublicTexts } from './texts';

interface Props {
  config: SiteConfig;
  controller: MapController | null;
  points: Place[];
  on: MapLayer[];
  crossed: Crossing[] | null;
  /** how much of the map's left the panel covers */
  coveredPx: number;
  /** whose, or where to */
  name: string;
}

/** The sheet that is seen on paper only, and what prints it; Ctrl+P does the same. */
export function usePrintSheet(props: Props): [ReactNode, () => void] {
  const canvas = useRef<HTMLCanvasElement>(null);
  const copyMap = useEffectEvent(() => {
    const { controller } = props;
    const paper = canvas.current;
    if (!controller || !paper) return;
    controller.view.redraw(); // its pixels are there only until the browser shows the frame
    const map = controller.canvas;
    const covered = Math.round((props.coveredPx * map.width) / map.clientWidth);
    [paper.width, paper.height] = [map.width - covered, map.height];
    paper.getContext('2d')?.drawImage(map, -covered, 0);
  });
  useEffect(() => {
    const before = () => copyMap();
    window.addEventListener('beforeprint', before);
    return () => window.removeEventListener('beforeprint', before);
  }, []);
  return [<Sheet key="sheet" {...props} canvas={canvas} />, () => window.print()];
}

function Sheet({ config, points, on, crossed, name, canvas }: Props & { canvas: React.RefObject<HTMLCanvasElement | null> }) {
  const t = useT();
  const p = usePublicTexts();
  const lang = useLang();
  const legends = [...new Map(on.flatMap((l) => (l.classTable ? [[JSON.stringify(l.classTable.classes), l] as const] : []))).values()];
  const site = lang === 'ja' ? config.siteName : config.siteNameEn || config.siteName;
  const today = new Intl.DateTimeFormat(lang === 'ja' ? 'ja-JP' : 'en-GB', { dateStyle: 'long' }).format(new Date());
  return (
    <section className="print-sheet" aria-hidden>
        <header>
          <h1>{points.length > 1 ? `${p.sheet} ${name}` : p.title(site)}</h1>
          <p>{[p.title(site), config.synthetic ? t.synthetic : '', p.sheetMade(today)].filter(Boolean).join('　')}</p>
        </header>
        <canvas ref={canvas} />
        <div className="print-side">
          {points.length > 1 && <><RouteFacts points={points} /><CrossingList crossed={crossed} layers={on} /><Qr text={window.location.href} label={p.sheetQr} /></>}
          {legends.length > 0 && <h3>{p.sheetLegend}</h3>}
          {legends.map((l) => (
            <div key={l.layerId} className="print-legend">
              {l.classTable!.classes.map((c) => <span key={c.key} className="key"><Swatch colour={c.colour} pattern={c.pattern} />{c[lang]}</span>)}
            </div>
          ))}
          <h3>{p.sheetSources}</h3>
          <ul>{on.map((l) => <li key={l.layerId}>{[l.title, l.source ?? t.imported.noSource, l.sourceDate ?? t.imported.noDate, l.withdrawnOn ? t.imported.withdrawn(l.withdrawnOn) : ''].filter(Boolean).join('、')}</li>)}</ul>
        </div>
        <p className="print-caution">{p.caution}</p>
    </section>
  );
}

function Qr({ text, label }: { text: string; label: string }) {
  if (text.length > 1200) return null; // too fine for a phone to read from paper
  const code = encode(text, { ecc: 'L', border: 2 });
  return (
    <figure className="print-qr">
      <svg viewBox={`0 0 ${code.size} ${code.size}`} shapeRendering="crispEdges" role="img" aria-label={label}>
        <rect width={code.size} height={code.size} fill="#fff" />
        <path d={code.data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')} fill="#000" />
      </svg>
      <figcaption>{label}</figcaption>
    </figure>
  );
}
