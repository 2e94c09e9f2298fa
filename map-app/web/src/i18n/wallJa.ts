/** The words of the big screen. */
export const wallJa = {
  heard: (clock: string) => `接続中・${clock} 受信`,
  unrated: '記載なし',
  stale: (clock: string, ago: string) => `通信が切れています — ${clock} 時点の情報です（${ago}）`,
  never: '通信できていません — 情報を受信していません',
  redialling: '自動でつなぎ直しています',
  partly: '一部の情報を取得できません。自動で再試行しています。',
  roll: (n: string, page: string, pages: string) => `ほか ${n} 件を順に表示（${page} / ${pages}）`,
  more: (n: string) => `ほか ${n} 件`,
  urgentRoll: (n: string, page: string, pages: string) => `危険 ${n} 件を順に表示（${page} / ${pages}）`,
  mayGoDark: '画面が消えないように、この機械の省電力の設定を切ってください',
  leave: '大画面を終える（Esc）',
};
