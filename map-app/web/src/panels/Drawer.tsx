import { ChevronLeft, ChevronRight, ClipboardCheck, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, type Dispatch, type ReactNode } from 'react';
import { thumbnailUrl } from '../api/client';
import type { FindingFeature, PhotoDetail } from '../api/types';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import { PhotoViewer } from '../photo/PhotoViewer';
import { usePhotoDetail } from '../photo/usePhotoDetail';
import type { FieldStore, View } from '../state/store';
import type { MapController } from '../map/mapController';
import { RoutePanel } from '../routes/RoutePanel';
import type { Selection, UiAction, UiState } from '../state/ui';
import { FollowUp } from '../board/FollowUp';
import { ItemDetail, type BoardContext } from '../board/ItemDetail';
import type { Item } from '../board/items';
import type { Doors } from '../locks/useDoors';
import { HistoryList } from '../review/HistoryList';
import { AssetDetail } from './AssetDetail';
import { DeviceDetail } from './DeviceDetail';
import { GeneralViews } from './GeneralViews';
import { FindingFacts, PhotoFacts, PhotoFindings } from './facts';
import { Empty, Failed, Loading } from './States';

// Of bookings and locks nothing is downloaded before it is asked for.
const DoorDetail = lazy(() => import('../locks/DoorDetail'));

interface Props {
  view: View;
  store: FieldStore;
  ui: UiState;
  act: Dispatch<UiAction>;
  selection: Selection;
  controller: MapController | null;
  /** filtered and sorted: what J and K walk through */
  findings: FindingFeature[];
  /** the item of the board that the chosen thing is, and what following it needs */
  item: Item | undefined;
  board: BoardContext;
  doors: Doors;
  onSelect: (selection: Selection | null) => void;
  onStep: (by: 1 | -1) => void;
  onRetry: () => void;
}

/** The chosen thing, with everything that is known about it. */
export function Drawer(props: Props) {
  const { selection, findings, onStep } = props;
  const t = useT();
  const self = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) self.current?.focus(); // the list it was chosen from is gone
  }, []);
  const at = findings.findIndex((f) => f.properties.findingId === selection.id);
  const title = routedAsset(props) ? t.drawer.route : t.drawer[selection.kind];
  return (
    <aside ref={self} className="panel drawer" tabIndex={-1} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {selection.kind === 'finding' && (
          <>
            {at >= 0 && <span className="quiet">{t.drawer.position(number(at + 1), number(findings.length))}</span>}
            <span className="grow" />
            <button type="button" className="tool icon" onClick={() => onStep(-1)} aria-label={t.drawer.previous} title={`${t.drawer.previous} (K)`} disabled={at === 0}>
              <ChevronLeft aria-hidden />
            </button>
            <button type="button" className="tool icon" onClick={() => onStep(1)} aria-label={t.drawer.next} title={`${t.drawer.next} (J)`} disabled={at === findings.length - 1}>
              <ChevronRight aria-hidden />
            </button>
          </>
        )}
        {selection.kind !== 'finding' && <span className="grow" />}
        <button type="button" className="tool icon" onClick={() => props.onSelect(null)} aria-label={t.drawer.close} title={`${t.drawer.close} (Esc)`}>
          <X aria-hidden />
        </button>
      </header>
      <div className="scroll"><Body {...props} /></div>
    </aside>
  );
}

/** The asset for which a route is being made, or undefined. */
const routedAsset = ({ selection, ui, view }: Props) => (selection.kind === 'asset' && ui.route ? view.assets.get(selection.id) : undefined);

function Body(props: Props) {
  const { view, store, selection, onSelect, onRetry } = props;
  if (selection.kind === 'item') return <ItemDetail key={selection.id} item={props.item} view={view} store={store} onSelect={onSelect} {...props.board} />;
  if (selection.kind === 'door') return <Suspense fallback={<Loading />}><DoorDetail key={selection.id} doors={props.doors} device={selection.id} view={view} person={props.board.person} onSelect={onSelect} /></Suspense>;
  if (selection.kind === 'device') return <DeviceDetail key={selection.id} view={view} store={store} device={selection.id} />;
  if (selection.kind === 'asset') {
    const asset = routedAsset(props);
    if (asset) return <RoutePanel key={selection.id} asset={asset} controller={props.controller} view={view} store={store} person={props.board.person} onAskPerson={props.board.onAskPerson} onClose={() => props.act({ do: 'route', on: false })} />;
    return <AssetDetail key={selection.id} view={view} assetId={selection.id} onSelect={onSelect} onRetry={onRetry} onRoute={() => props.act({ do: 'route', on: true })} />;
  }
  return <PhotoBacked {...props} />;
}

/** A finding or a photo: both stand on the photo's details. */
function PhotoBacked({ view, store, ui, act, selection, item, board, onSelect }: Props) {
  const t = useT();
  const finding = selection.kind === 'finding' ? view.findings.get(selection.id) : undefined;
  const photoId = selection.kind === 'photo' ? selection.id : (finding?.properties.photoId ?? null);
  const known = photoId === null ? undefined : view.photos.get(photoId);
  const detail = usePhotoDetail(photoId, (known?.properties.revision ?? 0) + (finding?.properties.revision ?? 0));
  const photo = detail.state === 'loaded' ? withoutRejected(detail.photo, selection.id) : null;
  const pick = (id: string) => onSelect({ kind: 'finding', id: photo?.findings.find((f) => f.properties.findingId === id)?.properties.mergedInto ?? id });
  const loading = view.load.findings === 'loading' || view.load.photos === 'loading';
  if (photoId === null || (selection.kind === 'photo' && !known)) return loading ? <Loading /> : <Empty title={t.drawer.gone} hint={t.drawer.goneHint} />;

  const withRings = photo?.findings.find((f) => f.properties.findingId === selection.id);
  let picture: ReactNode;
  if (known?.properties.state === 'unreadable') picture = <p className="note">{t.drawer.unreadable}</p>;
  else if (known?.properties.state === 'announced')
    picture = (
      <figure className="preview">
        <img src={thumbnailUrl(photoId)} alt={known.properties.name} />
        <figcaption className="note">{t.drawer.announced}</figcaption>
      </figure>
    );
  else if (detail.state === 'failed') picture = <Failed title={t.drawer.failed} onRetry={detail.retry} />;
  else if (!photo) picture = <div className="viewer-frame placeholder" aria-busy="true">{t.viewer.loading}</div>;
  else picture = <PhotoViewer key={selection.id} photo={photo} findingId={finding ? selection.id : null} mask={ui.mask} onMask={() => act({ do: 'mask' })} onPick={pick} />;

  const shown: PhotoDetail['properties'] | undefined = known?.properties ?? photo?.properties;
  return (
    <>
      {picture}
      {finding && (
        <div className="review-offer">
          <button type="button" className="button primary" onClick={() => act({ do: 'review', on: true, findingId: selection.id })}>
            <ClipboardCheck aria-hidden size={20} /> {t.review.openOne}
          </button>
        </div>
      )}
      {finding && item && <FollowUp key={item.key} item={item} view={view} store={store} {...board} />}
      {finding && <FindingFacts finding={withRings ?? finding} view={view} />}
      {finding && (finding.properties.decisionCount ?? 0) > 0 && <HistoryList key={selection.id} finding={finding} />}
      {selection.kind === 'photo' && <PhotoFindings findings={photo?.findings ?? null} photo={shown} onPick={pick} />}
      {shown && known && known.properties.state !== 'announced' && known.properties.state !== 'unreadable' && <GeneralViews key={`view ${photoId}`} photo={known.properties} assetId={finding?.properties.assetId ?? null} view={view} store={store} person={board.person} onAskPerson={board.onAskPerson} />}
      {shown && <PhotoFacts photo={shown} finding={finding} onOpen={finding ? () => onSelect({ kind: 'photo', id: photoId }) : null} />}
    </>
  );
}

/** What people said is no damage is not drawn on the photo, unless it is what was chosen. */
const withoutRejected = (photo: PhotoDetail, chosen: string): PhotoDetail => ({
  ...photo,
  findings: photo.findings.filter((f) => f.properties.status !== 'rejected' || f.properties.findingId === chosen),
});
