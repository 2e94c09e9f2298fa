import { wording, type Lang } from '../i18n';

/** Words of the municipality's own, as the form had them when the report was made. */
export interface Label {
  ja: string;
  en?: string;
}

/** What a report brings along to be read by people: the form's name, what it says is reported, and its questions with the chosen answers. */
export interface ReportLabels {
  category?: Label;
  form?: Label;
  answers?: Record<string, Label & { value?: Label }>;
}

export interface Answered {
  question: string;
  /** as it was given; a choice in the reader's language */
  answer: string | number | boolean;
}

export const labelIn = (label: Label, lang: Lang) => (lang === 'en' ? (label.en ?? label.ja) : label.ja);

/** The one place where what is reported becomes words: the form's own, then those that everybody has, then the form's name. */
export function reportTitle(known: Record<string, string>, none: string, lang: Lang, category: string | null, labels: ReportLabels): string {
  if (labels.category) return labelIn(labels.category, lang);
  if (category !== null && Object.hasOwn(known, category)) return wording(known, category);
  if (labels.form) return labelIn(labels.form, lang);
  return category ?? none;
}

/** What a report's event says; what is not as it should be is left out. */
export function labelsOf(details: Record<string, unknown>): ReportLabels {
  const said = objectOf(details['labels']);
  const category = labelOf(said['category']);
  const form = labelOf(said['form']);
  const answers = Object.entries(objectOf(said['answers'])).flatMap(([name, question]) => {
    const label = labelOf(question);
    const value = labelOf(objectOf(question)['value']);
    return label ? [[name, { ...label, ...(value ? { value } : {}) }] as const] : [];
  });
  return { ...(category ? { category } : {}), ...(form ? { form } : {}), ...(answers.length > 0 ? { answers: Object.fromEntries(answers) } : {}) };
}

/** A form's answers with their questions, in the order they were asked; one without a label goes by its name. */
export function answersOf(details: Record<string, unknown>, lang: Lang): Answered[] {
  const labels = labelsOf(details).answers ?? {};
  return Object.entries(objectOf(details['answers'])).flatMap(([name, given]) => {
    if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') return [];
    const label = labels[name];
    return [{ question: label ? labelIn(label, lang) : name, answer: label?.value ? labelIn(label.value, lang) : given }];
  });
}

const objectOf = (value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {});

function labelOf(value: unknown): Label | null {
  const { ja, en } = objectOf(value);
  return typeof ja === 'string' && ja.trim() !== '' ? { ja, ...(typeof en === 'string' && en.trim() !== '' ? { en } : {}) } : null;
}
