import { TriangleAlert } from 'lucide-react';
import { photoImageUrl, thumbnailUrl } from '../api/client';
import { number } from '../format/numbers';
import { answersOf, labelIn, labelsOf, reportTitle } from '../format/reportWords';
import { ago, dateTime } from '../format/time';
import { HintFacts } from '../hint/HintFacts';
import { useLang, useT } from '../i18n';
import { Fact } from '../panels/facts';
import { Empty, Loading } from '../panels/States';
import type { FieldStore, View } from '../state/store';
import type { Selection } from '../state/ui';
import type { Version } from '../tablet/versions';
import { useNow } from '../useNow';
import { FollowUp } from './FollowUp';
import { ItemMark, StateTag } from './ItemRow';
import type { Item } from './items';
import { itemTitle, severityWord } from './words';

export interface BoardContext {
  crews: string[];
  person: string;
  onAskPerson: () => void;
}

interface Props extends BoardContext {
  /** undefined while nothing is known of it */
  item: Item | undefined;
  view: View;
  store: FieldStore;
  onSelect: (selection: Selection | null) => void;
}

/** What happened, and what is done about it. */
export function ItemDetail({ item, view, store, crews, person, onAskPerson, onSelect }: Props) {
  const t = useT();
  const lang = useLang();
  const now = useNow();
  if (!item) return view.load.events === 'loading' || view.load.alarms === 'loading' ? <Loading /> : <Empty title={t.drawer.gone} hint={t.drawer.goneHint} />;
  const d = t.board.detail;
  const { device } = item;
  return (
    <>
      <section className="facts">
        <div className="facts-head">
          <ItemMark item={item} />
          <h3>{itemTitle(t, lang, item)}</h3>
          <StateTag item={item} />
        </div>
        {item.what.of === 'report' && item.what.note && <p className="item-words">{item.what.note}</p>}
        <dl>
          <Fact name={d.severity}>{severityWord(t, item)}</Fact>
          <Fact name={d.at}>{`${dateTime(t, item.at)}（${ago(t, item.at, now)}）`}</Fact>
          <Fact name={d.place}>{item.place ? `${item.place[1].toFixed(5)}, ${item.place[0].toFixed(5)}` : d.noPlace}</Fact>
          {item.what.of === 'alarm' && <AlarmFacts item={item} alarm={item.what.alarm} />}
          <Fact name={d.kind}>{t.board.kind[item.kind]}</Fact>
          {item.what.of === 'report' && <ReportFacts details={item.what.details} />}
          {item.what.of === 'report' && <HintFacts details={item.what.details} />}
          {device && (
            <Fact name={d.device}>
              <button type="button" className="text-button" onClick={() => onSelect({ kind: 'device', id: device })} title={d.openDevice}>
                {device}
              </button>
            </Fact>
          )}
        </dl>
      </section>
      {item.what.of === 'report' && item.what.versions.length > 1 && <Versions versions={item.what.versions} now={now} />}
      {item.what.of === 'report' && item.what.photoIds.length > 0 && <ReportPhotos ids={item.what.photoIds} view={view} onSelect={onSelect} />}
      <FollowUp key={item.key} {...{ item, view, store, crews, person, onAskPerson }} />
    </>
  );
}

/** What was filled in, in the words that the form had then. */
function ReportFacts({ details }: { details: Record<string, unknown> }) {
  const t = useT();
  const lang = useLang();
  const { form } = labelsOf(details);
  const word = (answer: string | number | boolean) => (typeof answer === 'boolean' ? (answer ? t.board.detail.yes : t.board.detail.no) : typeof answer === 'number' ? number(answer, 3) : answer);
  return (
    <>
      {form && <Fact name={t.board.detail.form}>{labelIn(form, lang)}</Fact>}
      {answersOf(details, lang).map(({ question, answer }) => <Fact key={question} name={question}>{word(answer)}</Fact>)}
    </>
  );
}

/** Versions that contradict each other: all of them, until somebody who saw them says it again. */
function Versions({ versions, now }: { versions: Version[]; now: Date }) {
  const t = useT();
  const lang = useLang();
  return (
    <section className="facts item-versions">
      <h3 className="item-conflict"><TriangleAlert aria-hidden size={18} /> {t.board.conflict(number(versions.length))}</h3>
      <p className="note">{t.board.conflictHint}</p>
      <ul>
        {versions.toReversed().map((v) => (
          <li key={v.id}>
            <strong>{reportTitle(t.board.category, t.board.report, lang, v.category, v.labels)}</strong> <span>{v.severity === null ? t.board.unrated : t.board.severity[v.severity]}</span>
            {v.note && <p>{v.note}</p>}
            <small className="quiet">{t.board.follow.by(v.who ?? v.device, ago(t, v.time, now))}{v.place && `・${v.place.lat.toFixed(5)}, ${v.place.lon.toFixed(5)}`}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function AlarmFacts({ alarm }: { item: Item; alarm: Extract<Item['what'], { of: 'alarm' }>['alarm'] }) {
  const t = useT();
  const d = t.board.detail;
  const p = alarm.properties;
  return (
    <>
      {p.value != null && <Fact name={d.value}>{number(p.value, 2)}</Fact>}
      {p.limitValue != null && <Fact name={d.limit}>{number(p.limitValue, 2)}</Fact>}
      {p.clearedAt && <Fact name={d.clearedAt}>{dateTime(t, p.clearedAt)}</Fact>}
      {p.acknowledgedBy && <Fact name={d.acknowledged}>{`${p.acknowledgedBy}（${dateTime(t, p.acknowledgedAt)}）`}</Fact>}
    </>
  );
}

/** The photos come by themselves, before the report or after. */
function ReportPhotos({ ids, view, onSelect }: { ids: string[]; view: View; onSelect: (selection: Selection) => void }) {
  const t = useT();
  const d = t.board.detail;
  return (
    <section className="facts">
      <h3>{d.photos(number(ids.length))}</h3>
      <ul className="item-photos">
        {ids.map((id) => {
          const photo = view.photos.get(id);
          return (
            <li key={id}>
              {photo ? (
                <button type="button" onClick={() => onSelect({ kind: 'photo', id })} aria-label={photo.properties.name}>
                  <img src={photo.properties.state === 'announced' ? thumbnailUrl(id) : photoImageUrl(id, 320)} alt="" loading="lazy" />
                </button>
              ) : (
                <span className="item-photo-waiting">{d.photoWaiting}</span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
