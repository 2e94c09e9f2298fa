import type { CommandId } from '../commands/table';

/** The commands of the map screen: their names, and the readings they are found by. */
export const commandsJa = {
  title: '検索・操作',
  open: '検索・操作',
  label: '操作・施設・装置・災害対応を検索',
  placeholder: '操作・施設・装置・出来事を探す',
  nothing: '見つかりません',
  count: (n: string) => `${n} 件　↑↓ で選び、Enter で実行`,
  first: (n: string, of: string) => `${of} 件のうち ${n} 件`,
  group: { command: '操作', item: '災害対応', device: '装置', asset: '施設', drawing: '書き込み', layer: 'レイヤー' },
  of: {
    find: '操作・施設・装置を検索', next: '次へ', previous: '前へ', board: '災害対応の一覧', situation: '災害対応名を決める・変更', statusReport: '被害状況即報を作る', draw: '計測・書き込み', impact: '影響の集計（人口・世帯）',
    replay: '過去の状態を見る（時刻）', wall: '大画面表示', findings: '所見の一覧', photos: '写真の一覧', devices: '装置の一覧', flights: '飛行の一覧', upload: '写真を取り込む（フォルダー）', route: '選択中の施設の飛行経路を作る',
    review: '判定を開く', locks: '施設予約・鍵', tablet: '現場タブレットの画面に切替', list: '一覧を開閉', layers: 'レイヤーを開閉', importLayer: 'レイヤーを取り込む', accounts: '利用者・トークンの管理', fit: '地図全体を表示', mask: 'マスクの表示・非表示',
    photoZoom: '写真の拡大・縮小', photoPan: '写真の移動（写真を選択中）', photoFit: '写真全体を表示', mapMove: '地図の移動と拡大（地図を選択中）', share: 'この表示へのリンクをコピー', theme: '明るい・暗い配色の切替', language: '日本語・英語の切替',
    back: '詳細・一覧を閉じる', help: 'キー操作の一覧',
  } satisfies Record<CommandId, string> as Record<CommandId, string>,
  /** what else people call it, and how it is read, apart by spaces */
  words: {
    find: 'けんさく さがす', next: 'つぎ', previous: 'まえ', board: 'さいがいたいおう いちらん けいほう ほうこく 警報 報告', situation: 'さいがいたいおうめい しゅんめい', statusReport: 'ひがいじょうきょうそくほう そくほう 県 4号様式 ほうこくしょ 報告書 PDF Excel',
    draw: 'けいそく かきこみ きょり めんせき 距離 面積 線 範囲 立入禁止', impact: 'えいきょうじんこう じんこう しんすい 浸水 住民 要支援者 ハザード', replay: 'かこ じこく さいせい 再生 巻き戻し 72時間', wall: 'だいがめん おおがた 大型 モニター プロジェクター 壁面 全画面 ぜんがめん',
    findings: 'しょけん そんしょう 損傷 ひび割れ', photos: 'しゃしん', devices: 'そうち ドローン センサー 錠', flights: 'ひこう ドローン', upload: 'とりこみ しゃしん ドローン アップロード', route: 'ひこうけいろ ルート', review: 'はんてい 点検 てんけん', locks: 'しせつよやく かぎ じょう 扉 とびら 電池 予約 鍵箱',
    tablet: 'タブレット げんば 現地報告', list: 'いちらん', layers: 'レイヤー はんれい 凡例', importLayer: 'とりこみ シェープ しんすいそうてい ハザード 浸水想定区域 避難所', accounts: 'りようしゃ かんり アカウント パスワード 再発行 さいはっこう 役割 やくわり 停止 ユーザー', fit: 'ぜんたい 全体', mask: 'マスク', photoZoom: '', photoPan: '', photoFit: '', mapMove: '', share: 'きょうゆう 共有 リンク URL',
    theme: 'はいしょく ダーク テーマ 夜 暗い 明るい', language: 'げんご えいご にほんご 言語', back: 'とじる', help: 'そうさ キー ヘルプ ショートカット',
  } satisfies Record<CommandId, string> as Record<CommandId, string>,
};
