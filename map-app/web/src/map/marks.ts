const marks: Record<string, string> = {
  spalling: '剥', rebar: '鉄', efflorescence: '灰', corrosion: '腐', slump: '崩', erosion: '侵', subsidence: '沈', seepage: '漏', pothole: '穴',
};

/** The sign of a class of damage on its badge; null: the zigzag of a crack. */
export const markOf = (className: string): string | null => (className.endsWith('crack') ? null : (marks[className] ?? [...className.toUpperCase()][0] ?? '?'));
