// Every sentence that the worker says in public, in both languages. A test keeps the two alike in what they state.

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
  nothingRan: string;
  notOffered: (kinds: string) => string;
  fixes: (count: number) => string;
  noTests: string;
  changedFiles: string;
  andMore: (count: number) => string;
  task: string;
  replay: string;
  toCheck: string;
  checks: readonly string[];
  failedTitle: string;
  failedIntro: string;
  failureCode: string;
  whatHappened: string;
  whatToDo: string;
  failingCommand: string;
  outputEnd: string;
  noOutput: string;
  outputCut: string;
  killed: string;
};

const en: Phrases = {
  generated: 'Generated change',
  byCodingWorker: 'This pull request was made by CodingWorker.',
  relatedIssue: 'Issue',
  model: 'Model',
  time: 'Time',
  workerId: 'Worker',
  observed: 'What was observed',
  commit: 'Verified commit',
  command: 'Command',
  exitStatus: 'Exit status',
  duration: 'Duration',
  nothingRan: 'Nothing was verified: the repository has no build, lint or test command that the worker knows.',
  notOffered: (kinds) => `Not checked, because the repository has no command for it: ${kinds}.`,
  fixes: (count) => `Fix passes after a failed verification: ${count}`,
  noTests: 'No test file was added or changed.',
  changedFiles: 'Changed files',
  andMore: (count) => `… and ${count} more`,
  task: 'Task',
  replay: 'Replay on the worker’s machine',
  toCheck: 'To check by a person',
  checks: ['The code does what the issue asks for', 'The tests test it'],
  failedTitle: 'No pull request for this issue',
  failedIntro: 'CodingWorker could not finish this task.',
  failureCode: 'Code',
  whatHappened: 'What happened',
  whatToDo: 'What to do',
  failingCommand: 'Failing command',
  outputEnd: 'End of its output',
  noOutput: 'It printed nothing.',
  outputCut: '(earlier output left out)',
  killed: 'killed',
};

const ja: Phrases = {
  generated: '自動生成されたコード',
  byCodingWorker: 'このPRは CodingWorker によって自動生成されました。',
  relatedIssue: '関連Issue',
  model: '生成モデル',
  time: '生成日時',
  workerId: 'Worker ID',
  observed: '検証結果（実際に確認した内容のみ）',
  commit: '検証したコミット',
  command: 'コマンド',
  exitStatus: '終了ステータス',
  duration: '所要時間',
  nothingRan: '検証は行われていません。リポジトリに、ワーカーが認識できるビルド・lint・テストのコマンドがありません。',
  notOffered: (kinds) => `リポジトリにコマンドがないため未確認: ${kinds}`,
  fixes: (count) => `検証失敗後の修正回数: ${count}`,
  noTests: 'テストファイルの追加・変更はありません。',
  changedFiles: '変更ファイル',
  andMore: (count) => `… 他 ${count} 件`,
  task: 'タスク',
  replay: 'ワーカーのマシンでの再生',
  toCheck: '確認事項',
  checks: ['コードが正しく動作するか', 'テストが変更内容を確認しているか'],
  failedTitle: 'この Issue のプルリクエストは作成できませんでした',
  failedIntro: 'CodingWorker はこのタスクを完了できませんでした。',
  failureCode: 'コード',
  whatHappened: '発生したこと',
  whatToDo: '対処方法',
  failingCommand: '失敗したコマンド',
  outputEnd: '出力の末尾',
  noOutput: '出力はありませんでした。',
  outputCut: '（これより前の出力は省略）',
  killed: '強制終了',
};

export const phrases: Readonly<Record<Locale, Phrases>> = { en, ja };
