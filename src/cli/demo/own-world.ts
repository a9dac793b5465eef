// The demo lives in a world of its own: the user's settings for the real one are neither used nor able to disturb it.

/** What points at the real AWS, GitHub, model and worker, or at a proxy that cannot reach this machine's loopback interface. */
const realWorld = /^(?:AWS|GITHUB|GH|OLLAMA|CODINGWORKER)_|^LOG_LEVEL$|^(?:HTTPS?|ALL|NO)_PROXY$/i;
/** Marks processes so that they can be ended (src/services/process/process-group.ts). */
const kept = 'CODINGWORKER_RUN';

/** Replaces those settings in `environment`, which is this process's: the AWS SDK and every child process read it. */
export function enterWorld(environment: NodeJS.ProcessEnv, world: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(environment)) {
    if (realWorld.test(name) && name !== kept) delete environment[name];
  }
  Object.assign(environment, world);
}
