import type { ClassTable } from './types';
import type { Inspection, InspectedLayer, Presets } from './importApi';

/** What the person says of a file that the file does not; texts as typed. */
export interface ImportForm {
  layer: string;
  title: string;
  /** empty: what the preset is of (kindOf) */
  kind: string;
  dataClass: string;
  source: string;
  sourceDate: string;
  licence: string;
  attribution: string;
  crs: string;
  encoding: string;
  preset: string;
  classField: string;
  classValue: string;
  eastColumn: string;
  northColumn: string;
  meshField: string;
  withdrawnOn: string;
}

/** The preset of whoever writes the classes. */
export const ownClasses = 'own';

/** The form as the file fills it: only what the file itself says, nothing guessed. */
export function firstForm(inspection: Inspection): ImportForm {
  const layer = inspection.layers[0];
  return {
    layer: inspection.layers.length > 1 ? (layer?.name ?? '') : '',
    title: layer?.name ?? inspection.fileName.replace(/\.[^.]*$/, ''),
    kind: '',
    dataClass: 'internal',
    source: '', sourceDate: '', licence: '', attribution: '', crs: '', encoding: '',
    preset: layer?.preset ?? '',
    classField: layer?.classField ?? '',
    classValue: '', eastColumn: '', northColumn: '', meshField: '', withdrawnOn: '',
  };
}

/** The form when the file can be read at last: what the person has said counts more than what the file says. */
export function refilled(inspection: Inspection, typed: ImportForm): ImportForm {
  const first = firstForm(inspection);
  const empty = firstForm({ ...inspection, layers: [] });
  const said = Object.entries(typed).filter(([name, text]) => text !== '' && text !== empty[name as keyof ImportForm]);
  return { ...first, ...Object.fromEntries(said) };
}

/** What the layer will be: as the person says, else as the server takes it. */
export const kindOf = (form: ImportForm, presets: Presets | null): string => form.kind || (presets?.presets.find((p) => p.name === form.preset)?.kind ?? 'other');

export const layerOf = (inspection: Inspection, form: ImportForm): InspectedLayer | undefined =>
  inspection.layers.find((l) => l.name === form.layer) ?? inspection.layers[0];

export type Missing = 'encoding' | 'crs' | 'place' | 'title' | 'class';

/** What still has to be said before the file can be imported. */
export function missing(inspection: Inspection, form: ImportForm): Missing[] {
  const layer = layerOf(inspection, form);
  if (!layer) return ['encoding'];
  const place = layer.needsPlace && !form.meshField && !(form.eastColumn && form.northColumn);
  return [
    ...(place ? (['place'] as const) : []),
    ...(!place && !form.meshField && layer.epsg === undefined && !/^\d{4,5}$/.test(form.crs) ? (['crs'] as const) : []),
    ...(form.title.trim() === '' ? (['title'] as const) : []),
    ...(form.preset && !form.classField && (form.preset === ownClasses || !form.classValue) ? (['class'] as const) : []),
  ];
}

/** The body of the request: what is empty is left out. */
export function bodyOf(inspection: Inspection, form: ImportForm, classTable: ClassTable | null = null): Record<string, string | number | ClassTable> {
  const { crs, preset, ...others } = form;
  const texts = preset === ownClasses ? others : { ...others, preset };
  const said = Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== '').map(([name, text]) => [name, text.trim()]));
  return { ...said, ...(/^\d{4,5}$/.test(crs) ? { crs: Number(crs) } : {}), ...(preset === ownClasses && classTable ? { classTable } : {}), uploadId: inspection.uploadId };
}
