import * as Dialog from '@radix-ui/react-dialog';
import { CircleCheck, CircleDashed, CircleSlash, CircleX, LoaderCircle, RefreshCw, ScanSearch, Upload } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore, type MouseEvent } from 'react';
import type { SiteConfig } from '../api/types';
import { number } from '../format/numbers';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import { socketUrl } from '../live/socket';
import type { View } from '../state/store';
import '../styles/upload.css';
import { canKeep, filesOf, forgetFolders, keptFolders, mayRead, pickFolder, sourcesOf, type KeptFolders } from './keptFolder';
import { useUploadTexts } from './texts';
import { Uploads, type UploadFile } from './uploads';

const mostRows = 500;

interface Props {
  config: SiteConfig;
  owner: string;
  view: View;
  open: boolean;
  onOpen: (open: boolean) => void;
}

type Shown = UploadFile['state'] | 'scored';

/** Drop a folder; a line for each photo says how far it is. Closed, a bar says how far all are. */
export default function UploadDialog({ config, owner, view, open, onOpen }: Props) {
  const p = useUploadTexts();
  const [uploads] = useState(() => new Uploads(owner, config.site, socketUrl(config.mqttPath)));
  const { files, line } = useSyncExternalStore(uploads.subscribe, uploads.getView);
  useEffect(() => {
    const leave = (e: BeforeUnloadEvent) => {
      if (uploads.isBusy) e.preventDefault();
    };
    window.addEventListener('beforeunload', leave);
    return () => window.removeEventListener('beforeunload', leave);
  }, [uploads]);

  const shown = files.map((file): { file: UploadFile; state: Shown; findings: number | null } => {
    const photo = file.state === 'stored' && file.photoId ? view.photos.get(file.photoId)?.properties : undefined;
    return photo && (photo.state === 'scored' || photo.state === 'unreadable') ? { file, state: 'scored', findings: photo.findingCount ?? null } : { file, state: file.state, findings: null };
  });
  const photos = shown.filter((s) => s.state !== 'left-out' && s.state !== 'same');
  const stored = photos.filter((s) => s.state === 'stored' || s.state === 'scored');
  const failed = photos.filter((s) => s.state === 'failed');
  const left = photos.filter((s) => s.state === 'reading' || s.state === 'waiting' || s.state === 'sending');
  const leftBytes = left.reduce((sum, s) => sum + s.file.sizeBytes * (1 - (s.state === 'sending' ? s.file.share : 0)), 0);
  const unscored = stored.filter((s) => s.state === 'stored').length;
  const isDone = photos.length > 0 && stored.length === photos.length;
  return (
    <>
      {!open && left.length + failed.length > 0 && (
        <button type="button" className="button upload-bar" onClick={() => onOpen(true)}>
          <Upload aria-hidden size={18} /> {p.bar(number(stored.length), number(photos.length))}
        </button>
      )}
      <Dialog.Root open={open} onOpenChange={onOpen}>
        <Dialog.Portal>
          <Dialog.Overlay className="overlay" />
          <Dialog.Content className="dialog form-dialog upload-dialog" data-modal data-wide aria-describedby={undefined}>
            <header>
              <Dialog.Title>{p.title}</Dialog.Title>
              <Dialog.Close className="button">{p.close}</Dialog.Close>
            </header>
            <div className="upload-body">
              {photos.length === 0 && <GoOn uploads={uploads} />}
              <Drop uploads={uploads} />
              {photos.length > 0 && (
                <div className="upload-sum" role="status">
                  <progress max={photos.length} value={stored.length} aria-label={p.title} />
                  <p><strong>{isDone ? p.done(number(photos.length)) : p.sentence(number(stored.length), number(photos.length), p.size(leftBytes))}</strong></p>
                  {unscored > 0 && left.length === 0 && <p>{p.scoring(number(unscored))}</p>}
                  {left.length > 0 && line !== 'online' && <p className="problem">{p.line[line]}</p>}
                  {left.length > 0 && <p className="quiet">{p.stay}</p>}
                </div>
              )}
              {photos.length === 0 && <p className="quiet">{canKeep() ? p.resumeKept : p.resume}</p>}
              <div className="upload-tools">
                {failed.length > 0 && <button type="button" className="button" onClick={() => uploads.retry()}><RefreshCw aria-hidden size={18} /> {p.retry(number(failed.length))}</button>}
                {files.length > 0 && left.length === 0 && <button type="button" className="button" onClick={() => uploads.clear()}>{p.clear}</button>}
              </div>
              {shown.length > 0 && (
                <ul className="upload-files" aria-label={p.list} tabIndex={0}>
                  {worstFirst(shown).slice(0, mostRows).map(({ file, state, findings }) => (
                    <li key={file.path} data-state={state}>
                      <Mark state={state} />
                      <span className="upload-name">{file.path}</span>
                      <span className="upload-state">
                        {p.state[state]}{state === 'sending' && ` ${Math.round(file.share * 100)}%`}
                        {state === 'scored' && findings !== null && ` ${p.findings(number(findings))}`}
                        {file.reason && <span className="upload-reason">{p.reasons[file.reason] ?? p.refused(file.reason)}</span>}
                      </span>
                    </li>
                  ))}
                  {shown.length > mostRows && <li>{p.more(number(shown.length - mostRows))}</li>}
                </ul>
              )}
            </div>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}

const order: Shown[] = ['failed', 'sending', 'reading', 'waiting', 'left-out', 'same', 'stored', 'scored'];
const worstFirst = <T extends { state: Shown }>(all: T[]) => all.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));

function Mark({ state }: { state: Shown }) {
  const Icon = { reading: LoaderCircle, waiting: CircleDashed, sending: Upload, stored: CircleCheck, scored: ScanSearch, failed: CircleX, same: CircleSlash, 'left-out': CircleSlash }[state];
  return <Icon aria-hidden size={20} />;
}

/** Where the page was closed before the end: one press goes on, once the browser was asked. */
function GoOn({ uploads }: { uploads: Uploads }) {
  const p = useUploadTexts();
  const t = useT();
  const [left, setLeft] = useState<KeptFolders | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let gone = false;
    if (canKeep()) keptFolders(uploads.owner).then((found) => gone || setLeft(found), () => undefined);
    return () => void (gone = true);
  }, [uploads]);
  if (!left) return null;
  const goOn = async () => {
    setBusy(true);
    setProblem(null);
    try {
      if (await mayRead(left.handles)) await uploads.addFolders(left.handles);
      else setProblem(p.mayNot);
    } catch {
      setProblem(p.gone); // the card is not there, or the folder has another name
    } finally {
      setBusy(false);
    }
  };
  const forget = () => {
    setLeft(null);
    void forgetFolders(uploads.owner).catch(() => undefined);
  };
  return (
    <section className="upload-left" aria-label={p.goOn}>
      <p><strong>{p.left(left.names.join('、'))}</strong> <span className="quiet">{p.leftAt(dateTime(t, left.at))}</span></p>
      {problem && <p role="alert" className="problem">{problem}</p>}
      <div className="upload-tools">
        <button type="button" className="button primary" disabled={busy} onClick={() => void goOn()}><RefreshCw aria-hidden size={18} /> {p.goOn}</button>
        <button type="button" className="button" disabled={busy} onClick={forget}>{p.forget}</button>
      </div>
    </section>
  );
}

function Drop({ uploads }: { uploads: Uploads }) {
  const p = useUploadTexts();
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState(false);
  const take = (work: () => Promise<void>) => {
    setProblem(false);
    work().catch(() => setProblem(true));
  };
  const pick = (e: MouseEvent) => {
    if (!canKeep()) return; // the input asks
    e.preventDefault();
    take(async () => {
      const folder = await pickFolder();
      if (folder) await uploads.addFolders([folder]);
    });
  };
  return (
    <>
      <label
        className="import-drop"
        data-over={over}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          const dropped = filesOf(e.dataTransfer);
          take(async () => {
            const { sources, handles } = await dropped;
            await uploads.addFolders(handles, sources);
          });
        }}
      >
        <span>{p.drop}</span>
        <span className="quiet">{p.dropHint}</span>
        <input type="file" multiple ref={(input) => input?.setAttribute('webkitdirectory', '')} onClick={pick} onChange={(e) => uploads.add(sourcesOf(e.currentTarget.files))} />
      </label>
      {problem && <p role="alert" className="problem">{p.unreadable}</p>}
      <label className="upload-single">
        <span>{p.files}</span>
        <input type="file" multiple accept="image/jpeg,.jpg,.jpeg" onChange={(e) => uploads.add(sourcesOf(e.currentTarget.files))} />
      </label>
    </>
  );
}
