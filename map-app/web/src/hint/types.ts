/** How pixels become a model's input (the model's card, models/README.md). */
export interface InputSpec {
  scale: number;
  mean: number[];
  std: number[];
  tilePx: number;
  overlapPx: number;
  multiple: number;
}

interface Limits {
  low: number;
  high: number;
  minAreaPx: number;
}

export interface Thresholds extends Limits {
  minLengthPx: number;
  minElongation: number;
  straight?: { minLengthPx: number; maxRmsPx: number; maxRmsShare: number } | null;
  classes?: Record<string, Limits> | null;
}

/** A model that the server scores with, and what of its card the tablet needs (`GET /api/v1/models`). */
export interface Model {
  name: string;
  task: string;
  classes: string[];
  input: InputSpec;
  thresholds: Thresholds;
  experimental: boolean;
  sha256: string;
  sizeBytes: number;
  /** has the hash in it: what lies there never changes */
  url: string;
}

/** Where something was seen: left, top, right, bottom as shares of the picture as stored. */
export type Box = [left: number, top: number, right: number, bottom: number];

/** What one model sees in one photo. */
export interface Look {
  model: string;
  /** null: nothing */
  class: string | null;
  /** mean probability over the pixels of the most certain place; 0 without one */
  score: number;
  found: number;
  /** the most certain first, few */
  places: Box[];
}
