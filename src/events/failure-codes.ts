// Every failure code with what it means for the task and what a person can do. docs/troubleshooting.md lists the same; a test keeps them equal.

type CatalogueEntry = {
  /** True when the same step may succeed if it is only tried again. */
  retryable: boolean;
  hint: { en: string; ja: string };
};

const entry = (retryable: boolean, en: string, ja: string): CatalogueEntry => ({ retryable, hint: { en, ja } });
const permanent = (en: string, ja: string): CatalogueEntry => entry(false, en, ja);
const transient = (en: string, ja: string): CatalogueEntry => entry(true, en, ja);

const catalogue = {
  'CW-MESSAGE-INVALID': permanent(
    'Compare the message with docs/task-message.schema.json; one that was on the queue is kept in the dead-letter queue.',
    'メッセージを docs/task-message.schema.json と見比べてください。キューにあったメッセージはデッドレターキューに残っています。',
  ),
  'CW-ISSUE-REFERENCE': permanent(
    'Write owner/repo#12, with the number of an issue and not of a pull request.',
    '`owner/repo#12` の形で、プルリクエストではなく Issue の番号を指定してください。',
  ),
  'CW-REPOSITORY-NOT-ALLOWED': permanent(
    'Add the repository to `repositories` in codingworker.yaml if the worker is meant to serve it.',
    '対象にするリポジトリなら codingworker.yaml の `repositories` に追加してください。',
  ),
  'CW-TASK-UNSUPPORTED': permanent(
    'This version of the worker cannot do this kind of task; open an issue labelled for it instead.',
    'この版のワーカーはこの種類のタスクに対応していません。代わりに Issue を作成してください。',
  ),
  'CW-TASK-TIMEOUT': permanent(
    'Split the issue into smaller ones, or raise `limits.taskMinutes`.',
    'Issue を小さく分けるか、`limits.taskMinutes` を大きくしてください。',
  ),
  'CW-TASK-ENDED': permanent(
    'Nothing is left to do for this task; `npm run retry` begins one anew that ended without a pull request.',
    'このタスクはもう終わっています。プルリクエストなしで終わったものは `npm run retry` でやり直せます。',
  ),
  'CW-TASK-ACTIVE': permanent(
    'The task has not ended: wait for its end, or cancel it first with `npm run cancel`.',
    'タスクはまだ終わっていません。終了を待つか、先に `npm run cancel` で取り消してください。',
  ),
  'CW-TASK-NOT-CANCELLED': permanent(
    'The worker’s log says why; put that right, then ask again.',
    'ワーカーのログで理由を確認し、解消してからもう一度実行してください。',
  ),
  'CW-GIT-AUTH': permanent(
    'Check that the token is valid and may read and write the contents of this repository.',
    'トークンが有効で、このリポジトリの内容を読み書きできるか確認してください。',
  ),
  'CW-GIT-NOT-FOUND': permanent(
    'Check the name of the repository and that the token can see it.',
    'リポジトリ名と、トークンがそのリポジトリを参照できるかを確認してください。',
  ),
  'CW-GIT-EMPTY-REPOSITORY': permanent(
    'Push a first commit to the default branch, then label the issue again.',
    'デフォルトブランチに最初のコミットを push してから、ラベルを付け直してください。',
  ),
  'CW-GIT-BRANCH-TAKEN': permanent(
    'Merge, close or delete the branch and its pull request, then label the issue again.',
    'そのブランチとプルリクエストをマージするか削除してから、ラベルを付け直してください。',
  ),
  'CW-GIT-PUSH-REJECTED': permanent(
    'Check branch protection and rulesets for the branch; the token may not be allowed to push to it.',
    'ブランチ保護とルールセットを確認してください。トークンに push の権限がない可能性があります。',
  ),
  'CW-GIT-NETWORK': transient(
    'Check the network and whether the git server answers.',
    'ネットワークと git サーバーの応答を確認してください。',
  ),
  'CW-GIT-TIMEOUT': transient(
    'The git server was too slow; check the network or the size of the repository.',
    'git サーバーの応答が遅すぎます。ネットワークやリポジトリの大きさを確認してください。',
  ),
  'CW-GIT-FAILED': permanent(
    'Read the message of git in the journal; if it is unexpected, report it.',
    'ジャーナルにある git のメッセージを確認してください。',
  ),
  'CW-WORKSPACE-LOST': permanent(
    'The working copy disappeared and could not be made anew; leave the task’s files beside its journal, and label the issue again.',
    '作業ディレクトリが失われ、復元もできませんでした。ジャーナルの横にあるタスクのファイルは削除しないでください。ラベルを付け直すとやり直せます。',
  ),
  'CW-WORKSPACE-DISK': transient(
    'Make room on the disk of the state directory and of the working copies; a worker without room waits, and goes on by itself.',
    '状態ディレクトリと作業コピーのあるディスクの空きを増やしてください。空きができれば、ワーカーは自動で再開します。',
  ),
  'CW-AGENT-NOT-INSTALLED': permanent(
    'Run `npm run setup` in the worker’s directory, or set `agent.command`.',
    'ワーカーのディレクトリで `npm run setup` を実行するか、`agent.command` を設定してください。',
  ),
  'CW-AGENT-NO-CHANGE': permanent(
    'Say in the issue which file to change and what it shall do; a larger model may help too.',
    'どのファイルをどう変えるかを Issue に具体的に書いてください。より大きなモデルも有効です。',
  ),
  'CW-AGENT-EDIT-FORMAT': permanent(
    'The model did not keep to the edit format; try a smaller task or a larger model.',
    'モデルが編集形式を守れませんでした。タスクを小さくするか、より大きなモデルを試してください。',
  ),
  'CW-AGENT-TOKEN-LIMIT': permanent(
    'The files are too large for the model; name fewer files or raise `agent.contextTokens`.',
    'モデルに対してファイルが大きすぎます。対象ファイルを減らすか `agent.contextTokens` を増やしてください。',
  ),
  'CW-AGENT-UNSAFE-CHANGE': permanent(
    'The agent changed what it must not (links, paths outside the repository, far too many files); rephrase the issue.',
    'エージェントが許可されていない変更をしました。Issue を書き直してください。',
  ),
  'CW-AGENT-TIMEOUT': permanent(
    'Raise `limits.agentMinutes`, use a smaller model, or split the issue.',
    '`limits.agentMinutes` を増やす、小さいモデルを使う、または Issue を分けてください。',
  ),
  'CW-AGENT-FAILED': permanent(
    'Read the transcript named in the journal; run the agent by hand with the same prompt.',
    'ジャーナルに記録されたログを確認し、同じプロンプトでエージェントを手動実行してください。',
  ),
  'CW-MODEL-UNREACHABLE': transient(
    'Start Ollama (`ollama serve`), or check `agent.ollamaHost` and OLLAMA_HOST.',
    'Ollama を起動する（`ollama serve`）か、`agent.ollamaHost` と OLLAMA_HOST を確認してください。',
  ),
  'CW-MODEL-NOT-PULLED': permanent(
    'Pull the model with `ollama pull`, then label the issue again.',
    '`ollama pull` でモデルを取得してから、ラベルを付け直してください。',
  ),
  'CW-MODEL-FAILED': transient(
    'Ollama answered with errors or broke off; read its log, and check that the model fits into memory.',
    'Ollama がエラーを返すか応答を中断しました。Ollama のログと、モデルがメモリに収まるかを確認してください。',
  ),
  'CW-VERIFY-INSTALL': permanent(
    'The dependencies could not be installed; see the tail of the output.',
    '依存パッケージをインストールできませんでした。出力の末尾を確認してください。',
  ),
  'CW-VERIFY-BUILD': permanent(
    'The tail of the output says where to start; a clearer issue or a larger model may get further.',
    '出力の末尾が手がかりです。Issue をより具体的に書くか、より大きなモデルを使うのも有効です。',
  ),
  'CW-VERIFY-LINT': permanent(
    'The tail of the output says where to start; a clearer issue or a larger model may get further.',
    '出力の末尾が手がかりです。Issue をより具体的に書くか、より大きなモデルを使うのも有効です。',
  ),
  'CW-VERIFY-TEST': permanent(
    'The tail of the output says where to start; a clearer issue or a larger model may get further.',
    '出力の末尾が手がかりです。Issue をより具体的に書くか、より大きなモデルを使うのも有効です。',
  ),
  'CW-VERIFY-TOOL-MISSING': permanent(
    'Install the named tool on the worker’s machine, then label the issue again.',
    'ワーカーのマシンに該当ツールをインストールしてから、ラベルを付け直してください。',
  ),
  'CW-GITHUB-AUTH': permanent(
    'The token is missing, wrong or expired; set GITHUB_TOKEN or run `gh auth login`.',
    'トークンがない、誤っている、または期限切れです。GITHUB_TOKEN を設定するか `gh auth login` を実行してください。',
  ),
  'CW-GITHUB-FORBIDDEN': permanent(
    'The token may not do this; it needs contents, issues and pull requests read and write.',
    'トークンの権限が足りません。contents・issues・pull requests の読み書き権限が必要です。',
  ),
  'CW-GITHUB-NOT-FOUND': permanent(
    'Check the repository and the number; GitHub also answers 404 when the token cannot see it.',
    'リポジトリと番号を確認してください。トークンが参照できない場合も GitHub は 404 を返します。',
  ),
  'CW-GITHUB-INVALID': permanent(
    'GitHub refused the request as invalid; its answer is in the message.',
    'GitHub がリクエストを不正として拒否しました。メッセージに応答があります。',
  ),
  'CW-GITHUB-RATE-LIMIT': transient(
    'GitHub’s rate limit is used up; the worker waits and tries again.',
    'GitHub のレート制限に達しました。ワーカーが待って再試行します。',
  ),
  'CW-GITHUB-UNAVAILABLE': transient(
    'GitHub does not answer properly; see githubstatus.com.',
    'GitHub が正常に応答していません。githubstatus.com を確認してください。',
  ),
  'CW-GITHUB-GH-MISSING': permanent(
    'Install GitHub’s command line (`gh`), or set `forge: octokit`.',
    'GitHub CLI（`gh`）をインストールするか、`forge: octokit` を設定してください。',
  ),
  'CW-QUEUE-AUTH': permanent(
    'Check the AWS credentials and that they may use this queue.',
    'AWS の認証情報と、このキューを使う権限を確認してください。',
  ),
  'CW-QUEUE-NOT-FOUND': permanent(
    'Check `queue.url` and `queue.region`.',
    '`queue.url` と `queue.region` を確認してください。',
  ),
  'CW-QUEUE-NO-DEAD-LETTER': permanent(
    'Give the queue a redrive policy with a dead-letter queue, or set `queue.deadLetterUrl`.',
    'キューにデッドレターキューを設定するか、`queue.deadLetterUrl` を指定してください。',
  ),
  'CW-QUEUE-NO-SUCH-MESSAGE': permanent(
    'List what is there with `npm run dlq -- list`; another reader may hide a message for two minutes.',
    '`npm run dlq -- list` で確認してください。他で読み出し中のメッセージは 2 分ほど見えません。',
  ),
  'CW-QUEUE-UNAVAILABLE': transient(
    'SQS does not answer; check the network. A running worker keeps trying.',
    'SQS が応答していません。ネットワークを確認してください。稼働中のワーカーは再試行を続けます。',
  ),
  'CW-CONFIG-INVALID': permanent(
    'Correct the named keys; codingworker.example.yaml explains each.',
    '該当するキーを直してください。各キーの説明は codingworker.example.yaml にあります。',
  ),
  'CW-STATE-LOCKED': permanent(
    'Stop the other worker, or give this one its own CODINGWORKER_STATE_DIR.',
    'もう一方のワーカーを止めるか、別の CODINGWORKER_STATE_DIR を指定してください。',
  ),
  'CW-JOURNAL-CORRUPT': permanent(
    'A worker sets such a file aside, unchanged; restore it from a backup, or delete it to give up the task.',
    'ワーカーはこのファイルを変更せずに退避します。バックアップから復元するか、削除してタスクを破棄してください。',
  ),
  'CW-JOURNAL-VERSION': permanent(
    'The journal was written by a newer version; upgrade the worker, then send the message back with `npm run dlq -- redrive`.',
    'より新しい版が書いたジャーナルです。ワーカーを更新してから、`npm run dlq -- redrive` でメッセージを戻してください。',
  ),
  'CW-JOURNAL-WRITE': permanent(
    'Check space and health of the disk; restart the worker, which rereads the journal.',
    'ディスクの空きと状態を確認し、ワーカーを再起動してください。',
  ),
  'CW-JOURNAL-CONFLICT': permanent(
    'Another process wrote to this journal; only one worker may use a state directory.',
    '別のプロセスがこのジャーナルに書き込みました。状態ディレクトリは 1 つのワーカー専用です。',
  ),
  'CW-JOURNAL-NOT-FOUND': permanent(
    'List the tasks with `npm run tasks`, or name a journal’s file.',
    '`npm run tasks` でタスクを確認するか、ジャーナルのファイルを指定してください。',
  ),
  'CW-JOURNAL-DISAGREES': permanent(
    'Replay it with the version that its `task.claimed` names; then report it, for every version must read old journals as they were meant.',
    '`task.claimed` にある版で再生し、その上で報告してください。どの版も古いジャーナルを同じように読めるはずです。',
  ),
  'CW-INTERNAL': permanent(
    'This is a defect of the worker; please report it with the journal.',
    'ワーカーの不具合です。ジャーナルを添えて報告してください。',
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type FailureCode = keyof typeof catalogue;

/** Code → retryable or not, and what the operator can do about it. */
export const failureCatalogue: Readonly<Record<FailureCode, CatalogueEntry>> = catalogue;
