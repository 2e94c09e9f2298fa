import { Eye, EyeOff, ExternalLink, Focus, Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent as ReactKeyEvent, type ReactNode } from 'react';
import { photoImageUrl, photoOriginalUrl } from '../api/client';
import type { PhotoDetail } from '../api/types';
import { useT } from '../i18n';
import { useGestures } from './useGestures';
import { boxOfRings, focusOn, imageWidth, pan, ringsPath, whole, zoomAt, type PhotoView } from './zoom';

interface Props {
  photo: PhotoDetail;
  /** the finding to bring out; null shows all alike */
  findingId: string | null;
  mask: boolean;
  onMask: () => void;
  onPick: (findingId: string) => void;
  /** CSS pixels that the photo is wide at scale 1 */
  framePx?: number;
  /** fills the room it is given instead of taking the photo's shape */
  fills?: boolean;
  /** stands over the photo in the place of the masks, in the photo's shape */
  overlay?: ReactNode;
}

const drawerPx = 420;
const step = 1.5;
const panStep = 0.12;

/** A photo with its findings drawn over it, to look at closely. */
export function PhotoViewer({ photo, findingId, mask, onMask, onPick, framePx = drawerPx, fills = false, overlay }: Props) {
  const t = useT();
  const frame = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLDivElement>(null);
  const { photoId, widthPx: w, heightPx: h } = photo.properties;
  const [size, setSize] = useState({ width: w ?? 4, height: h ?? 3 });
  const chosen = photo.findings.find((f) => f.properties.findingId === findingId);
  const box = useMemo(() => (chosen ? boxOfRings(chosen.properties.pixelRings ?? [], size.width, size.height) : null), [chosen, size]);
  const [view, setView] = useState<PhotoView>(() => (box ? focusOn(box) : whole));
  const [broken, setBroken] = useState(false);
  const { dragged } = useGestures(frame, base, setView);
  const zoom = (factor: number) => setView((v) => zoomAt(v, factor));
  useViewerKeys({ zoom, fit: () => setView(whole) });

  const move = (e: ReactKeyEvent) => {
    const by: Record<string, [number, number]> = { ArrowLeft: [panStep, 0], ArrowRight: [-panStep, 0], ArrowUp: [0, panStep], ArrowDown: [0, -panStep] };
    const d = by[e.key];
    if (!d) return;
    e.preventDefault();
    setView((v) => pan(v, d[0], d[1]));
  };
  const sharp = imageWidth(framePx, view.scale, window.devicePixelRatio, size.width);
  const first = Math.min(imageWidth(framePx, 1, window.devicePixelRatio, size.width), w ?? size.width);
  return (
    <div className="viewer" data-fills={fills}>
      <div ref={frame} className="viewer-frame" tabIndex={0} role="group" aria-label={t.viewer.label} onKeyDown={move} style={{ '--shape': size.width / size.height } as CSSProperties}>
        {broken && (
          <p className="viewer-broken" role="alert">
            {t.viewer.failed}
          </p>
        )}
        <div ref={base} className="viewer-base">
          <div className="viewer-sheet" style={{ transform: `translate(${view.x * 100}%, ${view.y * 100}%) scale(${view.scale})`, '--zoom': view.scale } as CSSProperties}>
            <img src={photoImageUrl(photoId, first)} alt={photo.properties.name} draggable={false} onError={() => setBroken(true)}
              onLoad={(e) => !w && setSize({ width: e.currentTarget.naturalWidth, height: e.currentTarget.naturalHeight })} />
            {sharp > first && <SharpImage key={sharp} src={photoImageUrl(photoId, sharp)} />}
            {overlay}
            {mask && !overlay && (
              <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden>
                {photo.findings.map((f) => {
                  const d = ringsPath(f.properties.pixelRings ?? []);
                  return (
                    <g key={f.properties.findingId} className="mask" data-chosen={f.properties.findingId === findingId} data-some={findingId !== null}
                      onClick={() => !dragged() && onPick(f.properties.findingId)}>
                      <path className="mask-casing" d={d} />
                      <path className="mask-line" d={d} />
                    </g>
                  );
                })}
              </svg>
            )}
          </div>
        </div>
      </div>
      <div className="viewer-tools">
        {!overlay && (
          <button type="button" className="tool" aria-pressed={mask} aria-keyshortcuts="m" onClick={onMask} title={`${mask ? t.viewer.maskOff : t.viewer.maskOn} (M)`}>
            {mask ? <Eye aria-hidden /> : <EyeOff aria-hidden />}
            {mask ? t.viewer.maskOff : t.viewer.maskOn}
          </button>
        )}
        <span className="grow" />
        <IconButton label={t.viewer.zoomOut} run={() => zoom(1 / step)} icon={<Minus aria-hidden />} />
        <IconButton label={t.viewer.zoomIn} run={() => zoom(step)} icon={<Plus aria-hidden />} />
        <IconButton label={t.viewer.fit} run={() => setView(whole)} icon={<Maximize aria-hidden />} />
        {box && <IconButton label={t.viewer.focus} run={() => setView(focusOn(box))} icon={<Focus aria-hidden />} />}
        <a className="tool icon" href={photoOriginalUrl(photoId)} target="_blank" rel="noreferrer" aria-label={t.viewer.original} title={t.viewer.original}>
          <ExternalLink aria-hidden />
        </a>
      </div>
    </div>
  );
}

function IconButton({ label, run, icon }: { label: string; run: () => void; icon: ReactNode }) {
  return (
    <button type="button" className="tool icon" onClick={run} aria-label={label} title={label}>
      {icon}
    </button>
  );
}

/** Laid over the first image once it is there, so that zooming never shows a hole. */
function SharpImage({ src }: { src: string }) {
  const [loaded, setLoaded] = useState(false);
  return <img className="sharp" data-loaded={loaded} src={src} alt="" draggable={false} onLoad={() => setLoaded(true)} />;
}

/** + - 0 work wherever the focus is, except on the map, which has its own. */
function useViewerKeys(does: { zoom: (factor: number) => void; fit: () => void }): void {
  const pressed = useEffectEvent((e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || (e.target as Element | null)?.closest?.('.map, input, [role="slider"]')) return;
    if (e.key === '+' || e.key === ';' || e.key === '=') does.zoom(step);
    else if (e.key === '-') does.zoom(1 / step);
    else if (e.key === '0') does.fit();
    else return;
    e.preventDefault();
  });
  useEffect(() => {
    const listener = (e: KeyboardEvent) => pressed(e);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
