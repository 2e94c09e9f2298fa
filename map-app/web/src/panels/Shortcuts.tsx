import * as Dialog from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import { useT } from '../i18n';

/** `?`: what every key does. */
export function Shortcuts({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  const s = t.shortcuts;
  const rows: [keys: string[], text: string][] = [
    [['J', 'K'], s.nextPrevious],
    [['M'], s.mask],
    [['+', '−'], s.photoZoom],
    [[s.arrows], s.photoPan],
    [['0'], s.photoFit],
    [['Esc'], s.escape],
    [['P'], s.list],
    [['L'], s.layers],
    [['F'], s.fit],
    [[s.arrows, '+', '−'], s.map],
    [['D'], s.theme],
    [['E'], s.language],
    [['?'], s.help],
  ];
  return (
    <Dialog.Root open={open} onOpenChange={(v) => !v && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined} data-modal>
          <header>
            <Dialog.Title>{s.title}</Dialog.Title>
            <Dialog.Close className="tool icon" aria-label={s.close}>
              <X aria-hidden />
            </Dialog.Close>
          </header>
          <dl className="keys">
            {rows.map(([keys, text]) => (
              <div key={text}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
