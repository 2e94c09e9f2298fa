import { FileDown } from 'lucide-react';
import { useState } from 'react';
import { download } from '../api/download';
import type { AssetProperties } from '../api/types';
import { useAsked } from '../api/useAsked';
import { useLang, useT } from '../i18n';

type Form = 'bridge' | 'levee' | 'flood' | 'list';

/** What can be made of an asset of a kind; of the others a list of their damage. */
const formsOf = (kind: string): Form[] => (kind === 'bridge' ? ['bridge', 'list'] : kind === 'levee' ? ['levee', 'flood', 'list'] : ['list']);

const formatsOf = (form: Form) => (form === 'list' ? (['csv', 'geojson'] as const) : (['pdf', 'xlsx'] as const));

/** The official forms of an asset, each one click; making one takes seconds, and what goes wrong is said here. */
export function FormButtons({ asset }: { asset: AssetProperties }) {
  const t = useT();
  const lang = useLang();
  const f = t.review.forms;
  const { busy, said, run } = useAsked();
  const [taken, setTaken] = useState('');

  const take = (form: Form, format: string) => {
    setTaken(`${form}.${format}`);
    void run(() => download('GET', `/api/v1/forms/${form}?asset=${encodeURIComponent(asset.assetId)}&format=${format}&lang=${lang}`));
  };

  return (
    <section className="facts">
      <h3>{f.title}</h3>
      {formsOf(asset.kind).map((form) => (
        <div key={form} className="form-row">
          <span>{f.name[form]}</span>
          {formatsOf(form).map((format) => (
            <button
              key={format}
              type="button"
              className="button"
              aria-label={`${f.name[form]} ${f.format[format]}`}
              aria-disabled={busy}
              onClick={() => !busy && take(form, format)}
            >
              <FileDown aria-hidden size={18} />
              {busy && taken === `${form}.${format}` ? f.making : f.format[format]}
            </button>
          ))}
        </div>
      ))}
      <p className="note" role="status">
        {said?.text ?? f.hint}
      </p>
    </section>
  );
}
