// Which environment variable stands for which key. They win over the file, so that a worker can be pointed anywhere without one.

type Place = readonly [section: string, key?: string];

const variables: Readonly<Record<string, Place>> = {
  CODINGWORKER_QUEUE_URL: ['queue', 'url'],
  AWS_REGION: ['queue', 'region'],
  AWS_ENDPOINT_URL_SQS: ['queue', 'endpoint'],
  GITHUB_API_URL: ['github', 'apiUrl'],
  GITHUB_SERVER_URL: ['github', 'serverUrl'],
  OLLAMA_HOST: ['agent', 'ollamaHost'],
  CODINGWORKER_STATE_DIR: ['stateDirectory'],
  CODINGWORKER_WORKSPACE_DIR: ['workspaceDirectory'],
  LOG_LEVEL: ['log', 'level'],
};

export type EnvironmentLayer = {
  /** The variables that are set, in the file's shape. */
  values: Record<string, unknown>;
  /** Key (`queue.url`) → the variable that set it. */
  sources: Map<string, string>;
};

/** An empty variable counts as not set: `VAR= command` is how a shell clears one. */
export function environmentLayer(environment: NodeJS.ProcessEnv): EnvironmentLayer {
  let values: Record<string, unknown> = {};
  const sources = new Map<string, string>();
  for (const [variable, [section, key]] of Object.entries(variables)) {
    const value = environment[variable];
    if (value === undefined || value === '') continue;
    values = overlay(values, { [section]: key === undefined ? value : { [key]: value } });
    sources.set(key === undefined ? section : `${section}.${key}`, variable);
  }
  return { values, sources };
}

/** `over` on top of `under`, section by section. */
export function overlay(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...under };
  for (const [section, value] of Object.entries(over)) {
    const below = merged[section];
    merged[section] = isMap(value) && isMap(below) ? { ...below, ...value } : value;
  }
  return merged;
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
