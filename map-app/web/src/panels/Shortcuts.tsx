import * as Dialog from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import { commands, keysOf } from '../commands/table';
import { useT, type Dictionary } from '../i18n';

type Rows = [keys: string[], text: string][];

interface Props {
  open: boolean;
  review: boolean;
  onClose: () => void;
}

/** `?`: what every key does on the screen that is open. */
export function Shortcuts({ open, review, onClose }: Props) {
  const t = useT();
  const title = review ? t.review.keys.title : t.shortcuts.title;
  return (
    <Dialog.Root open={open} onOpenChange={(v) => !v && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined} data-modal data-wide={review} onKeyDown={(e) => e.key === '?' && onClose()}>
          <header>
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close className="tool icon" aria-label={t.shortcuts.close}>
              <X aria-hidden />
            </Dialog.Close>
          </header>
          {review ? (
            <div className="keys-columns">
              <Keys rows={reviewKeys(t)} />
              <div>
                <h3>{t.review.keys.maskTitle}</h3>
                <Keys rows={maskKeys(t)} />
              </div>
            </div>
          ) : (
            <Keys rows={mapKeys(t)} />
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Keys({ rows }: { rows: Rows }) {
  return (
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
  );
}

/** The keys of the table of commands. */
function mapKeys(t: Dictionary): Rows {
  return commands.flatMap((c): Rows => {
    const keys = keysOf(c, t.shortcuts.arrows);
    return keys.length > 0 ? [[keys, t.commands.of[c.id]]] : [];
  });
}

function reviewKeys({ review: { keys: k }, commands: { of } }: Dictionary): Rows {
  return [
    [['J', 'K'], k.next],
    [['1', '–', '5'], k.degree],
    [['C'], k.confirm],
    [['R'], k.reject],
    [['Z'], k.undo],
    [['E'], k.edit],
    [['T'], k.change],
    [['M'], k.mask],
    [['[', ']'], k.photos],
    [['+', '−', '0'], k.zoom],
    [['Esc'], k.close],
    [['?'], of.help],
  ];
}

function maskKeys({ review: { keys: k }, shortcuts: s }: Dictionary): Rows {
  return [
    [['1', '2', '3'], k.tools],
    [['N', 'B'], k.corner],
    [[s.arrows], k.move],
    [['I', 'Del'], k.insert],
    [['Z'], k.back],
    [['Enter', 'Esc'], k.accept],
  ];
}
