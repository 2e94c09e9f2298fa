import { ClipboardPlus, Cloud, CloudOff, CloudUpload, Inbox, LogIn, Map as MapIcon, Monitor, Moon, Sun, TriangleAlert, UserRound, Waypoints, type LucideIcon } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type Dispatch } from 'react';
import '../styles/tablet.css';
import { PersonMenu } from '../access/PersonMenu';
import { ProofDialog } from '../access/ProofDialog';
import type { Session } from '../access/session';
import type { AssetFeature, SiteConfig } from '../api/types';
import { saysTheSame } from '../edge/journal';
import { Outbox, type OutboxView } from '../edge/outbox';
import { number } from '../format/numbers';
import { dictionaries, useT, type Dictionary } from '../i18n';
import { follow } from '../live/sync';
import { boundsOf } from '../map/bounds';
import { onUpdate, registerOffline, takeUpdate } from '../offline/register';
import { publishProbe } from '../state/probe';
import { Pace } from '../map/pace';
import { FieldStore } from '../state/store';
import type { Selection, UiAction, UiState } from '../state/ui';
import type { UrlState } from '../state/url';
import { AssetsScreen } from './AssetsScreen';
import { groupsOf, waitingCount, type Group } from './groups';
import { OutboxScreen } from './OutboxScreen';
import { ReportScreen } from './ReportScreen';
import { TabletMap } from './TabletMap';
import { useDraft } from './useDraft';
import type { SharedReport, Version } from './versions';
import { useForms } from './useForms';
import { useLabels } from './useLabels';
import { usePosition } from './usePosition';
import { useTrack } from './useTrack';
import { socketUrl } from '../live/socket';

type Tab = 'report' | 'map' | 'assets' | 'outbox';

interface Props {
  config: SiteConfig;
  session: Session;
  /** there was no line at the start: what is shown is what the last person left on the tablet */
  offlineStart: boolean;
  ui: UiState;
  act: Dispatch<UiAction>;
  start: UrlState;
  onFullMap: () => void;
  onSignIn: () => void;
}

/** The field engineer's screen: report, map, assets, outbox. */
export default function TabletApp({ config, session, offlineStart, ui, act, start, onFullMap, onSignIn }: Props) {
  const t = useT();
  const owner = session.person?.name ?? '';
  const [tab, setTab] = useState<Tab>('report');
  const [outbox] = useState(() => new Outbox(owner, socketUrl(config.mqttPath), offlineStart ? 'offline' : 'connecting'));
  const [said, setSaid] = useState<string | null>(null);
  const [picking, setPicking] = useState(false);
  const [pace] = useState(() => new Pace());
  const [store] = useState(() => new FieldStore(pace.next, pace.calm));
  const view = useSyncExternalStore(store.subscribe, store.getView);
  const [ready, setReady] = useState(false);
  const following = useRef<{ retry: () => void } | null>(null);

  useEffect(() => outbox.start(), [outbox]);
  useEffect(() => {
    const line = follow(config, store);
    following.current = line;
    return () => line.stop();
  }, [config, store]);
  useEffect(() => void registerOffline().catch(() => undefined), []);
  useEffect(() => publishProbe(ready, view), [ready, view]);

  const mail = useSyncExternalStore(outbox.subscribe, outbox.getView);
  const groups = useMemo(() => groupsOf(mail.items ?? [], mail.sending), [mail.items, mail.sending]);
  const waiting = waitingCount(groups);
  const hold = useDraft(owner);
  useEffect(() => {
    const { draft, renew } = hold;
    const made = draft && mail.items?.find((i) => i.key === draft.key)?.report;
    // another tab sent this very draft; one that was changed since is kept and becomes a report of its own
    if (made && draft.form === null && saysTheSame(made, { ...draft, note: draft.note.trim(), photoIds: draft.photos.map((p) => p.photoId), assetId: draft.asset?.assetId ?? null, form: null })) renew();
  }, [hold, mail.items]);
  const forms = useForms();
  const labels = useLabels(view.devices.values().length);
  const [trackId, setTrackId] = useState<string | null>(null);
  const position = usePosition(tab !== 'outbox' || trackId !== null);
  const track = useTrack(outbox, position.fix, trackId, setTrackId);

  const say = (text: string) => {
    setSaid(text);
    setTimeout(() => setSaid(null), 5_000);
  };
  const amend = ({ head }: Group) => {
    const event = `${head.device}:${head.sequence}`;
    const { place, category, severity, note, amends } = head.report!;
    hold.renew({ place, category, severity, note, amends: amends ?? event, bases: [event] });
    setTab('report');
  };
  const amendShared = (report: SharedReport, version: Version) => {
    const { place, category, severity, note } = version;
    hold.renew({ place, category, severity, note, amends: report.root, bases: report.heads.map((h) => h.id) });
    setTab('report');
  };
  const onReport = (asset: AssetFeature, name: string) => {
    const box = boundsOf([asset.geometry]);
    const near = position.fix;
    hold.change((was) => ({
      asset: { assetId: asset.properties.assetId, name },
      ...(was.place || near || !box ? {} : { place: { lon: (box[0] + box[2]) / 2, lat: (box[1] + box[3]) / 2, accuracyM: null, by: 'asset' as const } }),
    }));
    setTab('report');
  };
  const onSelect = useCallback((selection: Selection | null) => act({ do: 'select', selection }), [act]);
  const tabs = [
    ['report', t.tablet.nav.report, ClipboardPlus],
    ['map', t.tablet.nav.map, MapIcon],
    ['assets', t.tablet.nav.assets, Waypoints],
    ['outbox', t.tablet.nav.outbox, Inbox],
  ] as const;
  return (
    <div className="app tablet">
      <TabletBar {...{ config, session, ui, act, onFullMap }} />
      <LineBar {...{ mail, waiting, onSignIn }} />
      <main className="stage" aria-label={t.tablet.nav[tab]}>
        {tab === 'report' && (
          <ReportScreen
            {...{ outbox, view: mail, hold, position, forms }}
            who={session.person?.displayName ?? (ui.person || null)}
            onMap={() => {
              setPicking(true);
              setTab('map');
            }}
            onSent={() => say(mail.line === 'online' ? t.tablet.report.saved : t.tablet.report.savedOffline)}
          />
        )}
        <div className="tablet-map-holder" hidden={tab !== 'map'}>
          <TabletMap
            {...{ config, store, pace, view, ui, start, position, track, picking, onSelect }}
            labels={labels}
            onAmend={amendShared}
            online={mail.line === 'online'}
            onReady={() => setReady(true)}
            onPick={(place) => {
              setPicking(false);
              setTab('report');
              if (place) hold.change({ place });
            }}
          />
        </div>
        {tab === 'assets' && (
          <AssetsScreen
            {...{ view, onReport }}
            fix={position.fix}
            onRetry={() => following.current?.retry()}
            onShow={(asset) => {
              act({ do: 'select', selection: { kind: 'asset', id: asset.properties.assetId } });
              setTab('map');
            }}
          />
        )}
        {tab === 'outbox' && <OutboxScreen {...{ outbox, view: mail, groups }} onAmend={amend} />}
        <p className="tablet-said" role="status" data-said={said !== null}>
          {said}
        </p>
      </main>
      <nav className="bottom-nav four" aria-label={t.tablet.nav.label}>
        {tabs.map(([name, label, Icon]) => (
          <button
            key={name}
            type="button"
            aria-pressed={tab === name}
            onClick={() => {
              setPicking(false);
              setTab(name);
            }}
          >
            <Icon aria-hidden />
            {label}
            {name === 'outbox' && waiting > 0 && <span className="nav-count">{number(waiting)}</span>}
          </button>
        ))}
      </nav>
      {session.person && <ProofDialog person={session.person} />}
    </div>
  );
}

function TabletBar({ config, session, ui, act, onFullMap }: Pick<Props, 'config' | 'session' | 'ui' | 'act' | 'onFullMap'>) {
  const t = useT();
  const other = ui.lang === 'ja' ? 'en' : 'ja';
  const dark = ui.theme === 'dark';
  return (
    <header className="topbar">
      <h1>
        <span className="product">Field</span>
        <span className="site">{ui.lang === 'ja' ? config.siteName : config.siteNameEn || config.siteName}</span>
      </h1>
      {config.synthetic && <span className="synthetic">{t.synthetic}</span>}
      <span className="grow" />
      {session.person && (navigator.onLine ? <PersonMenu person={session.person} onAccounts={null} /> : <span className="tool person"><UserRound aria-hidden /> {session.person.displayName}</span>)}
      <button type="button" className="tool" onClick={onFullMap}>
        <Monitor aria-hidden /> {t.tablet.fullMap}
      </button>
      <button type="button" className="tool" lang={other} onClick={() => act({ do: 'lang', lang: other })} aria-label={`${t.top.language}: ${dictionaries[other].languageName}`}>
        {dictionaries[other].languageName}
      </button>
      <button type="button" className="tool icon" onClick={() => act({ do: 'theme', theme: dark ? 'light' : 'dark' })} aria-label={dark ? t.top.themeToLight : t.top.themeToDark}>
        {dark ? <Sun aria-hidden /> : <Moon aria-hidden />}
      </button>
    </header>
  );
}

/** One quiet bar: offline is normal here, and says what is kept. It is always there: what a finger is on its way to must not move when the line comes or goes. */
function LineBar({ mail, waiting, onSignIn }: { mail: OutboxView; waiting: number; onSignIn: () => void }) {
  const t = useT();
  const says = lineSays(t, mail, waiting);
  return (
    <div className="linkbar" data-link={says.link}>
      <div role="status" className="line-state">
        <says.Icon aria-hidden size={20} /> <strong>{says.text}</strong>
      </div>
      {mail.line === 'signed-out' ? (
        <button type="button" className="button" onClick={onSignIn}>
          <LogIn aria-hidden size={20} /> {t.access.signIn}
        </button>
      ) : (
        <Update />
      )}
    </div>
  );
}

function lineSays(t: Dictionary, { line }: OutboxView, waiting: number): { link: 'live' | 'offline' | 'trouble'; text: string; Icon: LucideIcon } {
  const words = t.tablet.line;
  switch (line) {
    case 'signed-out':
      return { link: 'trouble', text: words.signedOut, Icon: TriangleAlert };
    case 'not-allowed':
      return { link: 'trouble', text: words.notAllowed, Icon: TriangleAlert };
    case 'full':
      return { link: 'trouble', text: words.full, Icon: TriangleAlert };
    case 'offline':
      return { link: 'offline', text: waiting > 0 ? t.tablet.offline(number(waiting)) : t.tablet.offlineNone, Icon: CloudOff };
    case 'connecting':
      return { link: 'live', text: words.connecting, Icon: Cloud };
    case 'online':
      return waiting > 0 ? { link: 'live', text: t.tablet.waiting(number(waiting)), Icon: CloudUpload } : { link: 'live', text: words.online, Icon: Cloud };
  }
}

function Update() {
  const t = useT();
  const [there, setThere] = useState(false);
  useEffect(() => {
    const stop = onUpdate(setThere);
    return () => void stop();
  }, []);
  return (
    <div role="status" className="line-update">
      {there && (
        <>
          <strong>{t.tablet.update.ready}</strong>
          <button type="button" className="button" onClick={takeUpdate}>
            {t.tablet.update.now}
          </button>
        </>
      )}
    </div>
  );
}
