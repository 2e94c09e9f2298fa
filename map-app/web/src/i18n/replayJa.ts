/** The words of the time slider. */
export const replayJa = {
  label: '時刻（過去72時間）',
  key: '過去の状態を見る',
  live: '現在の状態',
  at: (when: string) => `${when} の状態`,
  showing: (clock: string) => `${clock}の状態を表示中`,
  play: '再生',
  pause: '一時停止',
  speed: (n: string) => `再生の速さ：${n}倍`,
  toLive: '現在に戻る',
  failed: 'この時刻の状態を取得できませんでした',
  unknown: (n: string) => `記録のない装置 ${n} 台は地図に出ません`,
};
