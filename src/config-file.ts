// Reads codingworker.yaml. Nothing of its content is repeated in a message: somebody may have written a token there.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMap as isYamlMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { isMap } from './config-environment.ts';

export type ConfigFile = {
  /** As given, for messages. */
  name: string;
  values: Record<string, unknown>;
  problems: string[];
  /** The line, from 1, of a key or of the nearest section around it. */
  lineOf(place: readonly PropertyKey[]): number | undefined;
};

const none: ConfigFile = { name: 'codingworker.yaml', values: {}, problems: [], lineOf: () => undefined };

/** The file that CODINGWORKER_CONFIG names, which must exist then; else codingworker.yaml of the working directory, if there is one. */
export async function readConfigFile(environment: NodeJS.ProcessEnv, workingDirectory: string): Promise<ConfigFile> {
  const named = environment['CODINGWORKER_CONFIG'];
  const name = named || none.name;
  try {
    return parse(name, await readFile(path.resolve(workingDirectory, name), 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (!named && code === 'ENOENT') return none;
    return { ...none, name, problems: [`${named ? 'CODINGWORKER_CONFIG: ' : ''}${name} cannot be read (${code})`] };
  }
}

function parse(name: string, content: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const file = { ...none, name, lineOf: (place: readonly PropertyKey[]) => lineOf(document, lines, place) };
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      ({ pos, code }) =>
        `${name}, line ${lines.linePos(pos[0]).line}: not YAML (${code.toLowerCase().replaceAll('_', ' ')})`,
    );
    return { ...file, problems };
  }
  const values: unknown = withoutNulls(document.toJS());
  if (values === undefined) return file;
  if (!isMap(values)) return { ...file, problems: [`${name}: must hold keys with values`] };
  return { ...file, values };
}

/** `key:` with nothing behind it leaves the default. */
function withoutNulls(value: unknown): unknown {
  if (!isMap(value)) return value ?? undefined;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]));
}

function lineOf(document: Document, lines: LineCounter, place: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const key of place) {
    if (!isYamlMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (pair === undefined || !isScalar(pair.key)) break;
    offset = pair.key.range?.[0];
    node = pair.value;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
