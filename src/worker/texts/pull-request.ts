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
  const body = `## ${say.generated}

${say.byCodingWorker}

Closes #${task.issueNumber}

- **${say.relatedIssue}**: #${task.issueNumber} ${inlineCode(task.title)}
- **${say.model}**: ${inlineCode(change.agent.model)} (${change.agent.name} ${change.agent.version})
- **${say.time}**: ${new Date(verification.at).toISOString()}
- **${say.workerId}**: ${inlineCode(workerId)}

### ${say.observed}

${observed(verification, say)}

- ${say.fixes(facts.fixes)}
${hasTests(change.files) ? '' : `- ${say.noTests}\n`}
### ${say.changedFiles}

${fileList(change.files, say)}

### ${say.toCheck}

${say.checks.map((check) => `- [ ] ${check}`).join('\n')}

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

function fileList(files: readonly string[], say: Phrases): string {
  const listed = files.slice(0, listedFilesMax).map((file) => `- ${inlineCode(file)}`);
  const more = files.length > listedFilesMax ? [`- ${say.andMore(files.length - listedFilesMax)}`] : [];
  return [...listed, ...more].join('\n');
}

/** `test/cart.js`, `cart.spec.ts`, `cart_test.go`, and `CartTest.java`. */
const testFile = /(^|[/._-])([tT]ests?|[sS]pecs?)([/._-]|$)|[a-z0-9](Tests?|Spec)\.[a-z]+$/;

const hasTests = (files: readonly string[]): boolean => files.some((file) => testFile.test(file));
