import * as Dialog from '@radix-ui/react-dialog';
import { Download, RefreshCw, Trash2, X } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { fileSize, number } from '../format/numbers';
import { ago } from '../format/time';
import { Offer } from '../hint/HintCard';
import { useHintFiles, type HintFiles } from '../hint/useHints';
import { useT } from '../i18n';
import type { MapLayers } from '../layers/useMapLayers';
import type { Box } from '../map/bounds';
import { AreaError, addressesOf, download, estimate, filesHere, listAreas, mayTake, newArea, remove, renewed, type Area, type Estimate } from '../offline/areas';
import { isFull } from '../edge/database';
import { useNow } from '../useNow';

const oldMs = 30 * 24 * 3_600_000;

const look = async () => Promise.all((await listAreas()).map(async (area) => ({ area, here: await filesHere(area) })));

interface Props {
  open: boolean;
  box: () => Box | null;
  layers: MapLayers;
  online: boolean;
  onClose: () => void;
}

/** What of the map is on the tablet, and taking more along: the size is said before anything is fetched. */
export function AreaSheet({ open, box, layers, online, onClose }: Props) {
  const t = useT();
  const a = t.tablet.area;
  const [areas, setAreas] = useState<{ area: Area; here: number }[]>([]);
  const [busy, setBusy] = useState<{ id: string; done: number; all: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const abort = useRef<AbortController | null>(null);
  const hint = useHintFiles(online && open);
  const refresh = useCallback(() => look().then(setAreas, () => undefined), []);
  useEffect(() => {
    if (open) void refresh();
  }, [open, refresh]);
  useEffect(() => () => abort.current?.abort(), []);

  const save = async (area: Area, isRenewal = false) => {
    setProblem(null);
    abort.current = new AbortController();
    const { signal } = abort.current;
    setBusy({ id: area.id, done: 0, all: area.files });
    try {
      const wanted = isRenewal ? await renewed(area, layers.list?.layers ?? [], signal) : area;
      await download(wanted, (done, all) => setBusy({ id: area.id, done, all }), signal, isRenewal);
    } catch (error) {
      if (!signal.aborted) setProblem(isFull(error) ? a.full : error instanceof AreaError && error.why ? error.why : a.failed);
    } finally {
      setBusy(null);
      await refresh();
    }
  };
  return (
    <Dialog.Root open={open} onOpenChange={(to) => !to && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog area-dialog" data-modal>
          <header>
            <Dialog.Title>{a.title}</Dialog.Title>
            <Dialog.Close className="tool icon" aria-label={t.shortcuts.close}>
              <X aria-hidden />
            </Dialog.Close>
          </header>
          <div className="area-body">
            <Dialog.Description>{a.hint}</Dialog.Description>
            {online ? <NewArea box={box} layers={layers} busy={busy !== null} hint={hint} onSave={(area) => void save(area)} /> : <p className="page-note">{a.offline}</p>}
            {problem && (
              <p role="alert" className="field-problem">
                {problem}
              </p>
            )}
            <h3>{a.saved}</h3>
            {hint.here && !hint.offer && <p className="quiet">{t.hint.here}</p>}
            {hint.state !== 'idle' && <Offer hints={{ files: hint }} />}
            {areas.length === 0 && <p className="quiet">{a.none}</p>}
            <ul className="area-list">
              {areas.map(({ area, here }) => (
                <AreaLine key={area.id} {...{ area, here, online }} busy={busy?.id === area.id ? busy : null} onSave={() => void save(area)} onRenew={layers.list ? () => void save(area, true) : null} onCancel={() => abort.current?.abort()} onRemove={() => void remove(area).then(refresh)} />
              ))}
            </ul>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function NewArea({ box, layers, busy, hint, onSave }: { box: () => Box | null; layers: MapLayers; busy: boolean; hint: HintFiles; onSave: (area: Area) => void }) {
  const t = useT();
  const a = t.tablet.area;
  const now = useNow();
  const offered = layers.list?.layers.filter(mayTake) ?? [];
  const hidden = (layers.list?.layers.length ?? 0) - offered.length;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(offered.filter((l) => layers.shown(l.layerId).on).map((l) => l.layerId)));
  const [name, setName] = useState('');
  const [withHint, setWithHint] = useState(true);
  const hintBytes = withHint && hint.offer ? hint.offer.sizeBytes : 0;
  const [answer, setAnswer] = useState<{ box: Box; estimate: Estimate } | 'asking' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const picked = offered.filter((l) => chosen.has(l.layerId));
  const measure = async () => {
    const view = box();
    if (!view) return;
    setProblem(null);
    setAnswer('asking');
    try {
      setAnswer({ box: view, estimate: await estimate(view, picked, AbortSignal.timeout(60_000)) });
    } catch (error) {
      setAnswer(null);
      setProblem(error instanceof AreaError && error.why ? error.why : a.failed);
    }
  };
  const ready = answer !== null && answer !== 'asking' ? newArea(name.trim() || a.defaultName(now.toLocaleDateString(t.locale)), answer.box, offered, answer.estimate) : null;
  return (
    <div className="new-area">
      <label>
        {a.name}
        <input value={name} maxLength={40} placeholder={a.defaultName(now.toLocaleDateString(t.locale))} onChange={(e) => setName(e.target.value)} />
      </label>
      <fieldset>
        <legend>{a.layers}</legend>
        {offered.length === 0 && <p className="quiet">{a.noLayers}</p>}
        {offered.map((layer) => (
          <label key={layer.layerId} className="area-layer">
            <input
              type="checkbox"
              checked={chosen.has(layer.layerId)}
              onChange={(e) => {
                const next = new Set(chosen);
                if (e.target.checked) next.add(layer.layerId);
                else next.delete(layer.layerId);
                setChosen(next);
                setAnswer(null);
              }}
            />
            {layer.title}
          </label>
        ))}
        {hidden > 0 && <p className="quiet">{a.neverResidents}</p>}
        {hint.offer && (
          <label className="area-layer">
            <input type="checkbox" checked={withHint} onChange={(e) => setWithHint(e.target.checked)} />
            {t.hint.along(fileSize(hint.offer.sizeBytes))}
          </label>
        )}
      </fieldset>
      <div className="area-actions">
        <button type="button" className="button" onClick={() => void measure()} disabled={answer === 'asking' || busy}>
          {answer === 'asking' ? a.measuring : a.measure}
        </button>
        {ready && (
          <>
            <strong role="status">{a.size(fileSize(ready.sizeBytes + hintBytes), number(addressesOf(ready).length))}</strong>
            <button
              type="button"
              className="button primary"
              disabled={busy}
              onClick={() => {
                setAnswer(null);
                if (hintBytes > 0) hint.get();
                onSave(ready);
              }}
            >
              <Download aria-hidden size={20} /> {a.download}
            </button>
          </>
        )}
      </div>
      {problem && (
        <p role="alert" className="field-problem">
          {problem}
        </p>
      )}
    </div>
  );
}

interface LineProps {
  area: Area;
  here: number;
  online: boolean;
  busy: { done: number; all: number } | null;
  onSave: () => void;
  /** null while it is not known what the server has */
  onRenew: (() => void) | null;
  onCancel: () => void;
  onRemove: () => void;
}

function AreaLine({ area, here, online, busy, onSave, onRenew, onCancel, onRemove }: LineProps) {
  const t = useT();
  const a = t.tablet.area;
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const old = area.savedAt !== null && now.getTime() - Date.parse(area.savedAt) > oldMs;
  return (
    <li>
      <span className="asset-text">
        <strong>{area.name}</strong>
        <small>{[fileSize(area.sizeBytes), ...area.layers.map((l) => l.title)].join('・')}</small>
        <small role="status">
          {busy ? a.downloading(number(busy.done), number(busy.all)) : area.savedAt ? a.age(ago(t, area.savedAt, now)) : a.partial(number(here), number(area.files))}
          {old && !busy && <strong className="warn"> {a.old}</strong>}
        </small>
      </span>
      {busy ? (
        <button type="button" className="button" onClick={onCancel}>
          {a.cancel}
        </button>
      ) : asking ? (
        <>
          <span>{a.removeAsk(area.name)}</span>
          <button type="button" className="button" onClick={onRemove}>
            {a.remove}
          </button>
          <button type="button" className="button" onClick={() => setAsking(false)}>
            {t.tablet.report.cancel}
          </button>
        </>
      ) : (
        <>
          {!area.savedAt && (
            <button type="button" className="button primary" onClick={onSave} disabled={!online}>
              {a.resume}
            </button>
          )}
          {area.savedAt && (
            <button type="button" className={old ? 'button primary' : 'button'} onClick={() => onRenew?.()} disabled={!online || !onRenew} aria-label={`${a.renew}: ${area.name}`}>
              <RefreshCw aria-hidden size={20} /> {a.renew}
            </button>
          )}
          <button type="button" className="tool icon" aria-label={`${a.remove}: ${area.name}`} onClick={() => setAsking(true)}>
            <Trash2 aria-hidden />
          </button>
        </>
      )}
    </li>
  );
}
