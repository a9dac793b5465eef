// The comment that ends a task without a pull request: what failed, what it printed, what to do, how to replay it.
import { commentMaxChars } from '../../events/bounds.ts';
import { failureCatalogue } from '../../events/failure-codes.ts';
import type { Failure, FailureEvidence } from '../../events/failure.ts';
import type { Task } from '../../events/task.ts';
import { phrases, type Locale, type Phrases } from './phrases.ts';
import { status } from './pull-request.ts';
import { codeBlock, inlineCode } from './quote.ts';

export type FailedFacts = {
  task: Task;
  failure: Failure;
  fixes: number;
  workerId: string;
  /** HTML comment by which the comment is found again. */
  marker: string;
};

/** Room that is kept for everything but the output. */
const frameMaxChars = 6_000;

/** Markdown with the marker. */
export function explanation({ task, failure, fixes, workerId, marker }: FailedFacts, locale: Locale): string {
  const say = phrases[locale];
  const parts = [
    marker,
    `### ${say.failedTitle}`,
    say.failedIntro,
    [
      `- **${say.failureCode}**: ${inlineCode(failure.code)}`,
      `- **${say.whatHappened}**: ${inlineCode(failure.message)}`,
      `- **${say.whatToDo}**: ${failureCatalogue[failure.code].hint[locale]}`,
      `- ${say.fixes(fixes)}`,
    ].join('\n'),
    failure.evidence ? evidenceText(failure.evidence, say) : '',
    `---\n${say.task}: ${inlineCode(task.id)} · ${say.workerId}: ${inlineCode(workerId)} · ${say.replay}: ${inlineCode(`npm run replay -- ${task.id}`)}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function evidenceText(evidence: FailureEvidence, say: Phrases): string {
  const room = commentMaxChars - frameMaxChars;
  const cut = evidence.outputTail.length > room;
  const tail = evidence.outputTail.slice(-room);
  const output = tail.trim() === '' ? say.noOutput : codeBlock(cut ? `${say.outputCut}\n${tail}` : tail);
  return `**${say.failingCommand}**: ${inlineCode(evidence.command)} (${say.exitStatus}: ${status(evidence, say)})\n\n**${say.outputEnd}**:\n\n${output}`;
}
