import { Gauge, Lock, Megaphone, Radio, ScanSearch, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { number } from '../format/numbers';
import { ago } from '../format/time';
import { useLang, useT } from '../i18n';
import { isOpen, type Item } from './items';
import { itemNote, itemTitle, severityWord, stateWord } from './words';

const icons = { report: Megaphone, sensor: Gauge, lock: Lock, finding: ScanSearch, device: Radio };

/** How bad and what kind: shape, fill and letterless icon, with the words for who cannot see them. */
export function ItemMark({ item }: { item: Item }) {
  const t = useT();
  const Icon = icons[item.kind];
  return (
    <span className="item-mark" data-severity={item.severity ?? 'none'} data-open={isOpen(item)} title={`${severityWord(t, item)}・${t.board.kind[item.kind]}`}>
      <Icon aria-hidden size={18} />
      <span className="visually-hidden">{`${severityWord(t, item)} ${t.board.kind[item.kind]}`}</span>
    </span>
  );
}

export const StateTag = ({ item }: { item: Item }) => {
  const t = useT();
  return (
    <span className="state-tag" data-state={item.state}>
      {stateWord(t, item)}
    </span>
  );
};

interface Props {
  item: Item;
  chosen: boolean;
  now: Date;
  onChoose: (item: Item) => void;
}

export const ItemRow = memo(function ItemRow({ item, chosen, now, onChoose }: Props) {
  const t = useT();
  const lang = useLang();
  const note = itemNote(t, item);
  const crew = item.follow?.properties.crew;
  return (
    <button type="button" className="row item-row" aria-current={chosen} onClick={() => onChoose(item)}>
      <ItemMark item={item} />
      <span className="row-main">
        <span className="row-title">{itemTitle(t, lang, item)}</span>
        {item.what.of === 'report' && item.what.versions.length > 1 && (
          <span className="row-note item-conflict"><TriangleAlert aria-hidden size={16} /> {t.board.conflict(number(item.what.versions.length))}</span>
        )}
        {note && <span className="row-note">{note}</span>}
        <span className="row-note quiet">
          {t.board.kind[item.kind]}　{ago(t, item.at, now)}
          {item.place === null && `・${t.board.detail.noPlace}`}
        </span>
      </span>
      <span className="row-figure">
        <StateTag item={item} />
        {crew && <span className="item-crew">{crew}</span>}
      </span>
    </button>
  );
});
