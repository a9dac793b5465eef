// A model's reply in Aider's `whole` edit format: the path on a line of its own, then the whole file between fences.

/** A reply that sets each path to its content. A content with a fence of its own needs the longer fence that Aider then asks for. */
export function replyWithFiles(files: Readonly<Record<string, string>>, talk = 'Here is the change.'): string {
  const blocks = Object.entries(files).map(([path, content]) => {
    const text = content === '' || content.endsWith('\n') ? content : `${content}\n`;
    return `${path}\n\`\`\`\n${text}\`\`\`\n`;
  });
  return [`${talk}\n`, ...blocks].join('\n');
}
