import { number } from '../format/numbers';
import { useLang } from '../i18n';

const size = (bytes: number) => (bytes < 1e9 ? `${number(bytes / 1e6, bytes < 1e7 ? 1 : 0)} MB` : `${number(bytes / 1e9, 1)} GB`);

const ja = {
  title: '写真の取り込み',
  close: '閉じる',
  drop: 'ここにフォルダーを置くか、ここを押してフォルダーを選んでください',
  dropHint: 'ドローンのカードのフォルダー（JPEG）。届いた写真は内容を照合し、二重には保存しません。',
  files: 'ファイルを選ぶ',
  sentence: (stored: string, all: string, bytes: string) => `${all} 枚中 ${stored} 枚を保存しました（残り ${bytes}）`,
  done: (all: string) => `${all} 枚すべてを保存しました。カードを外しても構いません。`,
  scoring: (n: string) => `解析待ち ${n} 枚。この画面は閉じても構いません。`,
  resume: '途中でページを閉じたときは、同じフォルダーをもう一度置いてください。続きから送ります。',
  stay: '写真を送り終えるまで、このページを開いたままにしてください。',
  retry: (n: string) => `送れなかった ${n} 枚をもう一度送る`,
  clear: '済んだものを消す',
  bar: (stored: string, all: string) => `写真を送信中 ${stored} / ${all}`,
  list: 'ファイルごとの状態',
  more: (n: string) => `ほか ${n} 件`,
  size,
  state: {
    reading: '確認中', waiting: '待機', sending: '送信中', stored: '保存済み', scored: '解析済み', failed: '送れません', same: '同じ写真', 'left-out': '対象外',
  },
  findings: (n: string) => `候補 ${n} 件`,
  reasons: {
    'not-jpeg': 'JPEG ではありません', empty: '中身がありません', 'too-large': '256 MiB を超えています', unreadable: 'ファイルを読めません。カードを確かめてください',
    'source-lost': '読んだ後でファイルが変わったか、なくなりました', 'hash-mismatch': 'サーバーに届いた内容が違います', 'not-allowed': '写真を送る権限がありません',
  } as Record<string, string>,
  refused: (code: string) => `サーバーが受け付けません（${code}）`,
  line: {
    offline: 'サーバーに届きません。つながり次第、続きから送ります。',
    connecting: '接続しています…',
    online: '',
    'signed-out': 'サインインが切れました。サインインすると続きから送ります。',
    'not-allowed': '写真を送る権限がありません。',
    full: '登録できるブラウザの数を超えています。使わないものを停止してください。',
  },
};

const en: typeof ja = {
  title: 'Bring in photos',
  close: 'Close',
  drop: 'Drop a folder here, or press to choose one',
  dropHint: 'The folder of the drone’s card (JPEG). What arrives is compared with its hash, and nothing is stored twice.',
  files: 'Choose files',
  sentence: (stored, all, bytes) => `${stored} of ${all} photos stored (${bytes} left)`,
  done: (all) => `All ${all} photos are stored. The card may be taken out.`,
  scoring: (n) => `${n} still to be scored. This window may be closed.`,
  resume: 'If the page was closed before the end, drop the same folder again: it goes on where it stopped.',
  stay: 'Keep this page open until the photos are sent.',
  retry: (n) => `Send the ${n} that failed again`,
  clear: 'Clear what is done',
  bar: (stored, all) => `Sending photos ${stored} / ${all}`,
  list: 'State of each file',
  more: (n) => `${n} more`,
  size,
  state: { reading: 'Reading', waiting: 'Waiting', sending: 'Sending', stored: 'Stored', scored: 'Scored', failed: 'Failed', same: 'Same photo', 'left-out': 'Left out' },
  findings: (n) => `${n} candidates`,
  reasons: {
    'not-jpeg': 'not a JPEG', empty: 'no bytes in it', 'too-large': 'over 256 MiB', unreadable: 'cannot be read: look at the card',
    'source-lost': 'the file changed or went after it was read', 'hash-mismatch': 'other bytes arrived at the server', 'not-allowed': 'you may not send photos',
  },
  refused: (code) => `the server refuses it (${code})`,
  line: {
    offline: 'The server cannot be reached. Sending goes on as soon as it can.',
    connecting: 'Connecting…',
    online: '',
    'signed-out': 'Your sign-in has ended. Sign in, and sending goes on.',
    'not-allowed': 'You may not send photos.',
    full: 'Too many browsers are registered: revoke one that is not used.',
  },
};

export const useUploadTexts = () => (useLang() === 'ja' ? ja : en);
