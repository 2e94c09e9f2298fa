import { FileUp } from 'lucide-react';
import { useRef } from 'react';

interface Props {
  label: string;
  accept: string;
  disabled?: boolean;
  onFile: (file: File) => void;
}

/** Lets a file be chosen; the same one can be chosen again after it was changed. */
export function FileButton({ label, accept, disabled = false, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={label}
        accept={accept}
        onChange={(e) => {
          const file = e.currentTarget.files?.[0];
          e.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
      <button type="button" className="button" disabled={disabled} onClick={() => input.current?.click()}>
        <FileUp aria-hidden size={18} /> {label}
      </button>
    </>
  );
}
