// The comment that ends a task without a pull request: what failed, what it printed, what to do, how to replay it.
import { commentMaxChars, failureMessageMaxChars } from '../../events/bounds.ts';
import { failureCatalogue } from '../../events/failure-codes.ts';
import type { Failure, FailureEvidence } from '../../events/failure.ts';
import type { Task } from '../../events/task.ts';
import { phrases, type Locale, type Phrases } from './phrases.ts';
import { status } from './pull-request.ts';
import { codeBlock, inlineCode, printable } from './quote.ts';

export type FailedFacts = {
  task: Task;
  failure: Failure;
  fixes: number;
  workerId: string;
  /** HTML comment by which the comment is found again. */
  marker: string;
};

/** Markdown with the marker, within what GitHub accepts. */
export function explanation(facts: FailedFacts, locale: Locale): string {
  const { task, failure, fixes, workerId, marker } = facts;
  const say = phrases[locale];
  const withOutput = (output: string): string =>
    [
      marker,
      `### ${say.failedTitle}`,
      say.failedIntro,
      [
        `- **${say.failureCode}**: ${inlineCode(failure.code)}`,
        `- **${say.whatHappened}**: ${say.happened(failure.code, inlineCode(failure.message, failureMessageMaxChars))}`,
        `- **${say.whatToDo}**: ${failureCatalogue[failure.code].hint[locale]}`,
        `- ${say.fixes(fixes)}`,
      ].join('\n'),
      output,
      `---\n${say.task}: ${inlineCode(task.id)} · ${say.workerId}: ${inlineCode(workerId)} · ${say.replay}: ${inlineCode(`npm run replay -- ${task.id}`)}`,
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  if (failure.evidence === undefined) return withOutput('');
  const room = commentMaxChars - withOutput('').length;
  return withOutput(evidenceText(failure.evidence, say, room));
}

function evidenceText(evidence: FailureEvidence, say: Phrases, room: number): string {
  const heading = `**${say.failingCommand}**: ${inlineCode(evidence.command)} (${say.exitStatus}: ${status(evidence, say)})\n\n**${say.outputEnd}**:\n\n`;
  return `${heading}${endOf(evidence.outputTail, say, room - heading.length)}`;
}

/** The end of the output, as much as there is room for: quoting makes it longer by no fixed measure. */
function endOf(output: string, say: Phrases, room: number): string {
  if (printable(output).trim() === '') return say.noOutput;
  let block = codeBlock(output);
  for (let kept = output.length; block.length > room; kept = Math.floor(kept / 2)) {
    block = codeBlock(`${say.outputCut}\n${output.slice(-kept)}`);
  }
  return block;
}
