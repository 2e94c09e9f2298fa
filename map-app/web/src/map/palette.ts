import type { Theme } from '../state/ui';

/** Below, between and from these scores a finding is drawn hollow, half and full. */
export const scoreBands = [0.5, 0.8] as const;
export type Band = 'low' | 'mid' | 'high';

export const bandOf = (score: number): Band => (score < scoreBands[0] ? 'low' : score < scoreBands[1] ? 'mid' : 'high');

export interface Palette {
  /** Findings: blue-violet, a hue that no hazard map uses. Stronger means surer in either theme. */
  finding: Record<Band, string>;
  /** Ink on a filled finding badge, and the badge's own ground when hollow. */
  findingInk: string;
  footprint: string;
  asset: string;
  /** What a flight missed, and useless photos: burnt orange, which no official hazard colour uses. */
  gap: string;
  /** What happened: by how bad it is. The warning levels' own colours are for warnings of the city. */
  incident: Record<'critical' | 'warning' | 'none' | 'info', string>;
  online: string;
  offline: string;
  deviceInk: string;
  casing: string;
  selected: string;
  ink: string;
  halo: string;
  /** beyond the base map's edge */
  outside: string;
  land: string;
  water: string;
  waterEdge: string;
  park: string;
  field: string;
  building: string;
  buildingEdge: string;
  road: string;
  roadMajor: string;
  roadEdge: string;
  railway: string;
  bridge: string;
  bridgeEdge: string;
  levee: string;
  leveeEdge: string;
  waterInk: string;
  graticule: string;
}

export const palettes: Record<Theme, Palette> = {
  light: {
    finding: { low: '#8f7ff0', mid: '#5a3ee8', high: '#2f0d99' },
    findingInk: '#ffffff',
    footprint: '#006173',
    asset: '#6b4a26',
    gap: '#a83400',
    incident: { critical: '#b3000c', warning: '#8a4b00', none: '#3d3d3d', info: '#0a4a8f' },
    online: '#115a36',
    offline: '#4d4d4d',
    deviceInk: '#ffffff',
    casing: '#ffffff',
    selected: '#ffd43d',
    ink: '#333333',
    halo: '#ffffff',
    outside: '#e4e3de',
    land: '#f3f2ee',
    water: '#bfdbea',
    waterEdge: '#93bcd3',
    park: '#d9e8cc',
    field: '#ebeed6',
    building: '#dcd7cd',
    buildingEdge: '#bfb8aa',
    road: '#ffffff',
    roadMajor: '#fff6dc',
    roadEdge: '#c8c2b6',
    railway: '#7d776d',
    bridge: '#e8e3d8',
    bridgeEdge: '#7d7568',
    levee: '#dfe0bd',
    leveeEdge: '#8e8a55',
    waterInk: '#1d5a7d',
    graticule: '#b8b7b0',
  },
  dark: {
    finding: { low: '#7569c9', mid: '#9d8bff', high: '#d5ccff' },
    findingInk: '#1a1038',
    footprint: '#79e2f2',
    asset: '#d3b48c',
    gap: '#ff9f66',
    incident: { critical: '#ff7b7b', warning: '#ffb45c', none: '#d6d6d6', info: '#8cc4ff' },
    online: '#71c598',
    offline: '#b3b3b3',
    deviceInk: '#0b0e11',
    casing: '#0b0e11',
    selected: '#ffd43d',
    ink: '#e6e6e6',
    halo: '#0b0e11',
    outside: '#0c0f11',
    land: '#15191d',
    water: '#16303f',
    waterEdge: '#24506a',
    park: '#1a2a20',
    field: '#20241a',
    building: '#262c33',
    buildingEdge: '#3b434c',
    road: '#343c45',
    roadMajor: '#454338',
    roadEdge: '#0f1215',
    railway: '#75797e',
    bridge: '#3a4149',
    bridgeEdge: '#8b949e',
    levee: '#2a2c1e',
    leveeEdge: '#7a7850',
    waterInk: '#7fb4d2',
    graticule: '#2c343b',
  },
};
