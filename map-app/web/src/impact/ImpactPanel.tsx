import * as Tabs from '@radix-ui/react-tabs';
import type { FeatureCollection } from 'geojson';
import { Download, FileUser, X } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useMay } from '../access/may';
import { send } from '../api/answer';
import { download } from '../api/download';
import { useAsked } from '../api/useAsked';
import { useSketch, type SketchKind } from '../draw/useSketch';
import type { Position } from '../draw/geodesy';
import { number } from '../format/numbers';
import { useLang, useT } from '../i18n';
import type { LayerList } from '../layers/types';
import type { MapController } from '../map/mapController';
import { Empty, Failed, Loading } from '../panels/States';
import type { View } from '../state/store';
import { colours, useHouseholds } from '../residents/households';
import { ResidentsDialog } from '../residents/ResidentsDialog';
import { coloured, drawAreas } from './impactMap';
import { Facilities, Shelters } from './Places';
import { QuestionForm } from './QuestionForm';
import { ResultTable } from './ResultTable';
import { noQuestion, type Answer, type Place, type Question, type Register, type Ring } from './types';
import { impactPath, useAnswer, useResidents } from './useImpact';

interface Props {
  controller: MapController | null;
  layers: LayerList | null;
  view: View;
  onClose: () => void;
}

/** Who lives in a hazard: choose, and the answer stands there as one sentence, then as tables. */
export default function ImpactPanel({ controller, layers, view, onClose }: Props) {
  const words = useT();
  const t = words.impact;
  const [residents, retry] = useResidents();
  const mayManage = useMay('residents.manage');
  const [managing, setManaging] = useState(false);
  return (
    <section className="panel impact-panel" aria-label={t.title}>
      <header>
        <h2>{t.title}</h2>
        {mayManage && <button type="button" className="tool" onClick={() => setManaging(true)}><FileUser aria-hidden size={18} /> {words.residents.open}</button>}
        <button type="button" className="tool icon" onClick={onClose} aria-label={t.close}><X aria-hidden /></button>
      </header>
      {mayManage && <ResidentsDialog open={managing} onClose={() => setManaging(false)} onChanged={retry} />}
      <div className="scroll">
        {residents.state === 'failed' ? (
          <Failed title={t.failed} onRetry={retry} />
        ) : residents.state === 'loading' || layers === null ? (
          <Loading rows={4} />
        ) : residents.register === null || residents.register.removedAt ? (
          <Empty title={t.noResidents} hint={t.noResidentsHint}><code>{t.noResidentsCommand}</code>{mayManage && <button type="button" className="button" onClick={() => setManaging(true)}>{words.residents.open}</button>}</Empty>
        ) : (
          <Counting key={residents.register.edition} controller={controller} layers={layers} register={residents.register} view={view} />
        )}
      </div>
    </section>
  );
}

function Counting({ controller, layers, register, view }: { controller: MapController | null; layers: LayerList; register: Register; view: View }) {
  const t = useT().impact;
  const [question, setQuestion] = useState<Question>(() => ({ ...noQuestion, by: register.columns.includes('association') ? 'register' : (layers.layers.find((l) => l.kind === 'boundary')?.layerId ?? null) }));
  const [drawing, setDrawing] = useState<SketchKind | null>(null);
  const change = (part: Partial<Question>) => {
    const bounds = question.layers.length === 0 ? layers.layers.find((l) => part.layers?.includes(l.layerId))?.bounds : null;
    if (bounds) controller?.fit(bounds, true); // the first zone that is chosen comes into sight
    setQuestion((was) => {
      const next = { ...was, ...part };
      next.olderLayers = next.olderLayers.filter((l) => !next.layers.includes(l)); // no map is compared with itself
      return next.layers.length > 0 ? next : { ...next, olderLayers: [], shelters: null, leastClass: 1 }; // the server wants a hazard for these
    });
  };
  const done = (ring: Position[]) => {
    setDrawing(null);
    setQuestion((was) => ({ ...was, own: [...was.own, { name: t.ring(was.own.length + 1), ring }] }));
  };
  const sketch = useSketch(controller, drawing, done, () => setDrawing(null));
  const { answer, error, counting } = useAnswer(question);
  const drawn = useMemo(() => rings(view), [view]);
  return (
    <>
      <p className="quiet">
        {t.register(register.title, register.sourceDate ?? null)}・{t.size(number(register.households), number(register.people))}
      </p>
      {register.synthetic && <p className="impact-synthetic">{t.synthetic}</p>}
      <HouseholdsOnMap controller={controller} register={register} />
      <div className="impact-answer" role="status" aria-live="polite" aria-busy={counting}>
        {error !== null ? <p role="alert">{error}</p> : answer ? <strong data-testid="sentence">{answer.sentence}</strong> : <span>{counting ? t.counting : t.choose}</span>}
      </div>
      <QuestionForm {...{ layers, register, question, change, sketch, drawing, drawn }} classes={answer?.classes ?? []} onDraw={(on) => setDrawing(on ? 'polygon' : null)} />
      {answer && <Result controller={controller} question={question} answer={answer} />}
    </>
  );
}

/** Only for who may see them, and only when asked for. */
function HouseholdsOnMap({ controller, register }: { controller: MapController | null; register: Register }) {
  const w = useT().residents;
  const may = useMay('residents.view');
  const [on, setOn] = useState(false);
  const state = useHouseholds(controller, may && on, register.edition);
  if (!may) return null;
  return (
    <div className="impact-legend">
      <label className="impact-check"><input type="checkbox" checked={on} onChange={(e) => setOn(e.target.checked)} /><span>{w.onMap}<small className="quiet">{w.onMapNote('14')}</small></span></label>
      {state === 'refused' && <p role="alert">{w.noAnswer}</p>}
      {state === 'on' && (['support', 'aged', 'other'] as const).map((k) => <span key={k} className="key"><span className="swatch" style={{ background: colours[k] }} aria-hidden /> {w.legend[k]}</span>)}
    </div>
  );
}

function Result({ controller, question, answer }: { controller: MapController | null; question: Question; answer: Answer }) {
  const t = useT().impact;
  const lang = useLang();
  const [tab, setTab] = useState<string | null>(null);
  const [onMap, setOnMap] = useState(true);
  const { said, run } = useAsked();
  const keys = [...answer.tables.filter((x) => x.key !== 'shelter').map((x) => x.key), ...(answer.shelters ? ['shelters'] : []), ...(answer.facilities ? ['facilities'] : [])];
  const open = tab !== null && keys.includes(tab) ? tab : keys[0]!;
  const table = answer.tables.find((x) => x.key === open);
  const outlined = table?.hasOutlines === true;
  useAreas(controller, question, answer, outlined && onMap ? open : null);
  const show = (place: Place) => controller?.show([place.lon, place.lat], 15);
  const save = (format: string) => void run(() => download('POST', `${impactPath}?format=${format}&table=${format === 'xlsx' ? '' : (table?.key ?? '')}&lang=${lang}`, question));
  const own = answer.tables.find((x) => x.key === 'own');
  return (
    <>
      {[...answer.more, ...answer.notes].map((line) => <p key={line} className="quiet">{line}</p>)}
      {own && own.named < own.all && answer.minCell > 1 && <p className="quiet">{t.tooSmall}</p>}
      <Tabs.Root value={open} onValueChange={setTab}>
        <Tabs.List className="tabs impact-tabs" aria-label={t.title}>
          {keys.map((key) => (
            <Tabs.Trigger key={key} value={key} className="tab">
              {key === 'shelters' ? t.tabShelters : key === 'facilities' ? t.tabFacilities : answer.tables.find((x) => x.key === key)!.title}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {keys.map((key) => (
          <Tabs.Content key={key} value={key}>
            {key === 'shelters' ? <Shelters answer={answer} onShow={show} /> : key === 'facilities' ? <Facilities answer={answer} onShow={show} /> : <ResultTable table={answer.tables.find((x) => x.key === key)!} />}
          </Tabs.Content>
        ))}
      </Tabs.Root>
      {outlined && (
        <div className="impact-legend">
          <label className="impact-check"><input type="checkbox" checked={onMap} onChange={(e) => setOnMap(e.target.checked)} /><span>{t.onMap}<small className="quiet">{t.onMapNote}</small></span></label>
          {onMap && answer.classes.filter((c) => c.number >= Math.max(1, answer.leastClass) && c.colour).map((c) => (
            <span key={c.number} className="key"><span className="swatch" style={{ background: c.colour }} aria-hidden /> {c[lang]}</span>
          ))}
        </div>
      )}
      <div className="impact-buttons" role="group" aria-label={t.download}>
        {(['csv', 'xlsx', ...(outlined ? ['geojson'] : [])]).map((format) => (
          <button key={format} type="button" className="button" onClick={() => save(format)}><Download aria-hidden size={18} /> {format.toUpperCase()}</button>
        ))}
      </div>
      {said && <p role="alert">{said.text}</p>}
    </>
  );
}

/** The areas of a table on the map, while it is open. */
function useAreas(controller: MapController | null, question: Question, answer: Answer, key: string | null): void {
  const text = JSON.stringify(question);
  useEffect(() => {
    if (!controller || key === null) return;
    const abort = new AbortController();
    void send<FeatureCollection>('POST', `${impactPath}?format=geojson&table=${key}`, text, { signal: abort.signal }).then((areas) => {
      if (areas.ok && !abort.signal.aborted) drawAreas(controller, coloured(areas.value, answer.classes, answer.leastClass)); // without them the table says it all the same
    });
    return () => {
      abort.abort();
      drawAreas(controller, []);
    };
  }, [controller, text, answer, key]);
}

/** Areas that people drew on the shared board. */
function rings(view: View): Ring[] {
  return view.board.values().flatMap((f) => (f.geometry?.type === 'Polygon' && f.properties.kind === 'drawing' ? [{ name: f.properties.title ?? f.properties.boardId, ring: (f.geometry.coordinates[0] ?? []).slice(0, -1).map(([lon, lat]): Position => [lon!, lat!]) }] : []));
}
