import type { FeatureCollection } from 'geojson';

/** GET /api/v1/routes/options (SPEC, Routes). */
export interface RouteOptions {
  cameras: { name: string; label: string; kmz: boolean }[];
  shared: RouteNumber[];
  levee: RouteNumber[];
  bridge: RouteNumber[];
}

export interface RouteNumber {
  member: string;
  unit: string;
  default: number | null;
  required: boolean;
  ja: string;
  en: string;
  hintJa: string;
  hintEn: string;
}

export interface RouteError {
  code: string;
  ja: string;
  en: string;
  member: string | null;
}

export interface RouteFlight {
  number: number;
  home: { lon: number; lat: number; groundM: number | null };
  timeS: number;
  distanceM: number;
  photos: number;
}

/** The answer of POST /api/v1/routes: a plan (200), or a plan that cannot be flown with its reasons (422). */
export interface RouteAnswer {
  planId: string;
  levee: { lowKm: number | null; highKm: number | null; riverSide: 'left' | 'right' | null } | null;
  figures: {
    photos: number; tracks: number; batteries: number; timeS: number; distanceM: number;
    gsdMinMm: number; gsdMeanMm: number; gsdMaxMm: number; coverageShare: number; gaps: number; intervalM: number; spacingM: number;
  };
  flights: RouteFlight[];
  kmz: boolean;
  warnings: RouteError[];
  errors: RouteError[];
  preview: FeatureCollection;
}
