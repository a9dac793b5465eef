// Every sentence that the worker says in public, in both languages. A test keeps the two alike in what they state.

import type { FailureCode } from '../../events/failure-codes.ts';
import type { VerifyStepKind } from '../../events/outcomes.ts';
import { reasonsInJapanese } from './reasons-ja.ts';

export type Locale = 'en' | 'ja';

export type Phrases = {
  generated: string;
  byCodingWorker: string;
  relatedIssue: string;
  model: string;
  time: string;
  workerId: string;
  observed: string;
  commit: string;
  command: string;
  exitStatus: string;
  duration: string;
  seconds: (seconds: string) => string;
  kinds: (kinds: readonly VerifyStepKind[]) => string;
  nothingVerified: string;
  notOffered: (kinds: string) => string;
  idle: (kinds: string) => string;
  nothingToDo: string;
  fixes: (count: number) => string;
  noTests: string;
  testsDeleted: (count: number) => string;
  deleted: string;
  changedFiles: string;
  andMore: (count: number) => string;
  task: string;
  replay: string;
  toCheck: string;
  checks: Readonly<Record<'code' | 'tests' | 'noTests' | 'testsDeleted', string>>;
  failedTitle: string;
  failedIntro: string;
  failureCode: string;
  whatHappened: string;
  /** What happened in this language. `message` is the failure's own, in English and quoted. */
  happened: (code: FailureCode, message: string) => string;
  whatToDo: string;
  failingCommand: string;
  outputEnd: string;
  noOutput: string;
  outputCut: string;
  noExitStatus: string;
};

const en: Phrases = {
  generated: 'Generated change',
  byCodingWorker: 'This pull request was made by CodingWorker.',
  relatedIssue: 'Issue',
  model: 'Model',
  time: 'Time',
  workerId: 'Worker',
  observed: 'What was observed',
  commit: 'Commit',
  command: 'Command',
  exitStatus: 'Exit status',
  duration: 'Duration',
  seconds: (seconds) => `${seconds} s`,
  kinds: (kinds) => kinds.join(', '),
  nothingVerified: 'Nothing was verified: no build, lint or test command said anything about this commit.',
  notOffered: (kinds) =>
    `Not checked, because the repository has no command for it that this worker can run: ${kinds}.`,
  idle: (kinds) => `Not checked, because the command found nothing to do: ${kinds}.`,
  nothingToDo: 'found nothing to do',
  fixes: (count) => `Fix passes after a failed verification: ${count}`,
  noTests: 'No test file was added or changed.',
  testsDeleted: (count) => `Test files deleted: ${count}`,
  deleted: '(deleted)',
  changedFiles: 'Changed files',
  andMore: (count) => `… and ${count} more`,
  task: 'Task',
  replay: 'Replay on the worker’s machine',
  toCheck: 'To check by a person',
  checks: {
    code: 'The code does what the issue asks for',
    tests: 'The tests test it',
    noTests: 'It may go without a test',
    testsDeleted: 'The deleted tests are no longer needed',
  },
  failedTitle: 'No pull request came of this task',
  failedIntro: 'CodingWorker could not finish this task.',
  failureCode: 'Code',
  whatHappened: 'What happened',
  happened: (_code, message) => message,
  whatToDo: 'What to do',
  failingCommand: 'Failing command',
  outputEnd: 'End of its output',
  noOutput: 'It printed nothing.',
  outputCut: '(earlier output left out)',
  noExitStatus: 'none',
};

const kindsInJapanese: Readonly<Record<VerifyStepKind, string>> = {
  install: 'インストール',
  build: 'ビルド',
  lint: 'lint',
  test: 'テスト',
};

const ja: Phrases = {
  generated: '自動生成されたコード',
  byCodingWorker: 'このPRは CodingWorker によって自動生成されました。',
  relatedIssue: '関連Issue',
  model: '生成モデル',
  time: '生成日時',
  workerId: 'Worker ID',
  observed: '検証結果（実際に確認した内容のみ）',
  commit: 'コミット',
  command: 'コマンド',
  exitStatus: '終了ステータス',
  duration: '所要時間',
  seconds: (seconds) => `${seconds} 秒`,
  kinds: (kinds) => kinds.map((kind) => kindsInJapanese[kind]).join('、'),
  nothingVerified:
    '何も検証されていません。このコミットについて結果を示したビルド・lint・テストのコマンドはありません。',
  notOffered: (kinds) => `このワーカーが実行できるコマンドがリポジトリにないため未確認: ${kinds}`,
  idle: (kinds) => `コマンドは実行されたが対象がなかったため未確認: ${kinds}`,
  nothingToDo: '対象なし',
  fixes: (count) => `検証失敗後の修正回数: ${count}`,
  noTests: 'テストファイルの追加・変更はありません。',
  testsDeleted: (count) => `削除されたテストファイル: ${count} 件`,
  deleted: '（削除）',
  changedFiles: '変更ファイル',
  andMore: (count) => `… 他 ${count} 件`,
  task: 'タスク',
  replay: 'ワーカーのマシンでの再生',
  toCheck: '確認事項',
  checks: {
    code: 'コードが正しく動作するか',
    tests: 'テストが変更内容を確認しているか',
    noTests: 'テストがなくても問題ないか',
    testsDeleted: 'テストの削除は妥当か',
  },
  failedTitle: 'このタスクからプルリクエストは作成されませんでした',
  failedIntro: 'CodingWorker はこのタスクを完了できませんでした。',
  failureCode: 'コード',
  whatHappened: '発生したこと',
  happened: (code, message) => `${reasonsInJapanese[code]}元のメッセージ: ${message}`,
  whatToDo: '対処方法',
  failingCommand: '失敗したコマンド',
  outputEnd: '出力の末尾',
  noOutput: '出力はありませんでした。',
  outputCut: '（これより前の出力は省略）',
  noExitStatus: 'なし',
};

export const phrases: Readonly<Record<Locale, Phrases>> = { en, ja };
