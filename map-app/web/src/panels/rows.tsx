import { memo } from 'react';
import { photoImageUrl, thumbnailUrl } from '../api/client';
import type { DeviceFeature, FindingFeature, PhotoFeature } from '../api/types';
import { figures, number, percent } from '../format/numbers';
import { ago } from '../format/time';
import { useT, wording } from '../i18n';
import { deviceKind } from '../map/sources';
import type { Selection } from '../state/ui';
import { DeviceIcon, FindingBadge } from './Badge';
import { DegreeTag } from './DegreeTag';

interface RowProps {
  chosen: boolean;
  now: Date;
  onSelect: (selection: Selection) => void;
}

export const FindingRow = memo(function FindingRow({ finding, photo, chosen, now, onSelect }: RowProps & { finding: FindingFeature; photo: PhotoFeature | undefined }) {
  const t = useT();
  const p = finding.properties;
  const size = [
    p.lengthM != null && t.list.length(figures(p.lengthM)),
    p.resolvable === false ? t.list.widthUnknown : p.maxWidthMm != null && t.list.width(number(p.maxWidthMm, 1)),
    finding.geometry === null && t.list.noPlace,
  ].filter(Boolean);
  return (
    <button type="button" className="row" aria-current={chosen} onClick={() => onSelect({ kind: 'finding', id: p.findingId })}>
      <FindingBadge score={p.score} className={p.class} />
      <span className="row-main">
        <span className="row-title">{wording(t.className, p.class)}</span>
        <span className="row-note">{size.join('・') || t.field.none}</span>
        <span className="row-note quiet">
          {photo?.properties.name ?? p.device ?? ''}　{ago(t, p.capturedAt ?? photo?.properties.receivedAt, now)}
        </span>
      </span>
      <span className="row-figure">
        <DegreeTag p={p} />
        <span>
          <span className="visually-hidden">{t.field.score}</span>
          {percent(p.score)}
        </span>
      </span>
    </button>
  );
});

export const PhotoRow = memo(function PhotoRow({ photo, chosen, now, onSelect }: RowProps & { photo: PhotoFeature }) {
  const t = useT();
  const p = photo.properties;
  return (
    <button type="button" className="row" aria-current={chosen} onClick={() => onSelect({ kind: 'photo', id: p.photoId })}>
      {p.state === 'unreadable' ? <span className="thumb" /> : <img className="thumb" src={p.state === 'announced' ? thumbnailUrl(p.photoId) : photoImageUrl(p.photoId, 160)} alt="" loading="lazy" decoding="async" />}
      <span className="row-main">
        <span className="row-title">{p.name}</span>
        <span className="row-note">
          {t.photoState[p.state]}
          {photo.geometry === null && `・${t.list.noPlace}`}
          {photo.geometry !== null && p.placement === 'assumed' && `・${t.layers.assumed}`}
        </span>
        <span className="row-note quiet">
          {p.device}　{ago(t, p.capturedAt ?? p.receivedAt, now)}
        </span>
      </span>
      {p.state === 'scored' && (
        <span className="row-figure">
          {number(p.findingCount ?? 0)}
          <small>{t.unit.items}</small>
          <span className="visually-hidden">{t.list.findings}</span>
        </span>
      )}
    </button>
  );
});

export const DeviceRow = memo(function DeviceRow({ device, chosen, now, onSelect }: RowProps & { device: DeviceFeature }) {
  const t = useT();
  const p = device.properties;
  const kind = deviceKind(p.kind);
  return (
    <button type="button" className="row" aria-current={chosen} onClick={() => onSelect({ kind: 'device', id: p.device })}>
      <DeviceIcon kind={kind} online={p.state === 'online'} />
      <span className="row-main">
        <span className="row-title">{p.device}</span>
        <span className="row-note">
          {t.deviceKind[kind]}・{wording(t.deviceState, p.state)}
          {(p.queueDepth ?? 0) > 0 && `・${t.field.queue} ${number(p.queueDepth!)}`}
        </span>
        <span className="row-note quiet">{ago(t, p.lastSeenAt, now)}</span>
      </span>
      {p.batteryPercent != null && (
        <span className="row-figure">
          <span className="visually-hidden">{t.field.battery}</span>
          {number(p.batteryPercent)}%
        </span>
      )}
    </button>
  );
});
