// The pull request's title and body: the seed template's facts, and beyond them only what was observed.
import { commentMaxChars, listedFilesMax, titleMaxChars } from '../../events/bounds.ts';
import type { ChangeOutcome, VerifyOutcome, VerifyStep } from '../../events/outcomes.ts';
import type { Task } from '../../events/task.ts';
import { phrases, type Locale, type Phrases } from './phrases.ts';
import { cut, inert, inlineCode, tableCode } from './quote.ts';

export type PublishedFacts = {
  task: Task;
  change: ChangeOutcome;
  verification: VerifyOutcome;
  fixes: number;
  workerId: string;
};

/** The issue's title, made inert, with the issue's number. */
export function pullRequestTitle(task: Task): string {
  const number = ` (#${task.issueNumber})`;
  return `${cut(inert(task.title), titleMaxChars - number.length)}${number}`.trim();
}

/** Markdown. Says `Closes #N`; nothing else in it can close, mention or link. Equal facts give equal text. */
export function pullRequestBody(facts: PublishedFacts, locale: Locale): string {
  const { task, change, verification, workerId } = facts;
  const say = phrases[locale];
  const tests = testsIn(change);
  const body = `## ${say.generated}

${say.byCodingWorker}

Closes #${task.issueNumber}

- **${say.relatedIssue}**: #${task.issueNumber} ${inlineCode(task.title)}
- **${say.model}**: ${inlineCode(change.agent.model)} (${change.agent.name} ${change.agent.version})
- **${say.time}**: ${new Date(verification.at).toISOString()}
- **${say.workerId}**: ${inlineCode(workerId)}

### ${say.observed}

${observed(verification, say)}

${bullets([say.fixes(facts.fixes), ...aboutTests(tests, say)])}

### ${say.changedFiles}

${fileList(change, say)}

### ${say.toCheck}

${bullets(toCheck(tests, say).map((check) => `[ ] ${check}`))}

---
${say.task}: ${inlineCode(task.id)} · ${say.replay}: ${inlineCode(`npm run replay -- ${task.id}`)}
`;
  return body.slice(0, commentMaxChars);
}

function observed({ verdict, commit, steps, notOffered }: VerifyOutcome, say: Phrases): string {
  const emptyKinds = notOffered.filter((kind) => steps.some((step) => step.kind === kind && step.idle));
  const absentKinds = notOffered.filter((kind) => !emptyKinds.includes(kind));
  const rows = steps.map((step) => {
    const ended = step.idle ? `${status(step, say)} (${say.nothingToDo})` : status(step, say);
    return `| ${tableCode(step.command)} | ${ended} | ${seconds(step, say)} |`;
  });
  const table = `| ${say.command} | ${say.exitStatus} | ${say.duration} |\n| --- | --- | --- |\n${rows.join('\n')}`;
  return [
    `${say.commit}: ${commit}`,
    rows.length > 0 ? table : '',
    verdict === 'unverified' ? `**${say.nothingVerified}**` : '',
    emptyKinds.length > 0 ? say.idle(say.kinds(emptyKinds)) : '',
    absentKinds.length > 0 ? say.notOffered(say.kinds(absentKinds)) : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What a command ended with, for a person. */
export const status = (step: Pick<VerifyStep, 'exitCode'>, say: Phrases): string =>
  String(step.exitCode ?? say.noExitStatus);

const seconds = ({ durationMs }: VerifyStep, say: Phrases): string => say.seconds((durationMs / 1000).toFixed(1));

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

function fileList({ files, deleted = [] }: ChangeOutcome, say: Phrases): string {
  const listed = files
    .slice(0, listedFilesMax)
    .map((file) => (deleted.includes(file) ? `${inlineCode(file)} ${say.deleted}` : inlineCode(file)));
  const more = files.length > listedFilesMax ? [say.andMore(files.length - listedFilesMax)] : [];
  return bullets([...listed, ...more]);
}

/** `test/cart.js`, `cart.spec.ts`, `cart_test.go`, and `CartTest.java`. */
const testFile = /(^|[/._-])([tT]ests?|[sS]pecs?)([/._-]|$)|[a-z0-9](Tests?|Spec)\.[a-z]+$/;

type Tests = { came: boolean; deleted: number };

/** What became of test files: one that is gone tests nothing. */
function testsIn({ files, deleted = [] }: ChangeOutcome): Tests {
  const tests = files.filter((file) => testFile.test(file));
  const gone = tests.filter((file) => deleted.includes(file)).length;
  return { came: tests.length > gone, deleted: gone };
}

const aboutTests = ({ came, deleted }: Tests, say: Phrases): string[] => [
  ...(came ? [] : [say.noTests]),
  ...(deleted > 0 ? [say.testsDeleted(deleted)] : []),
];

const toCheck = ({ came, deleted }: Tests, { checks }: Phrases): string[] => [
  checks.code,
  came ? checks.tests : checks.noTests,
  ...(deleted > 0 ? [checks.testsDeleted] : []),
];
