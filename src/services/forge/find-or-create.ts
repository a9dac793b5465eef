// Creating something once although an answer may be lost: look, create, and after an unclear failure look again.
import { CodedError } from '../../events/failure.ts';
import type { FailureCode } from '../../events/failure-codes.ts';

// Unavailable: the call may have taken effect. Invalid: GitHub's answer to a second pull request for a head, so somebody was faster, perhaps we.
const unclear: ReadonlySet<FailureCode> = new Set<FailureCode>(['CW-GITHUB-UNAVAILABLE', 'CW-GITHUB-INVALID']);

/** `wasThere`: it stood there at the first look, so it is from an earlier try. */
export type Ensured<T> = { item: T; wasThere: boolean };

/** What `find` finds, else what `create` makes. Throws what `create` throws when nothing is found after it either. */
export async function findOrCreate<T>(
  find: () => Promise<T | undefined>,
  create: () => Promise<T>,
  signal: AbortSignal,
): Promise<Ensured<T>> {
  const found = await find();
  if (found !== undefined) return { item: found, wasThere: true };
  try {
    return { item: await create(), wasThere: false };
  } catch (error) {
    if (!(error instanceof CodedError) || !unclear.has(error.failure.code)) throw error;
    const after = await find().catch(() => undefined);
    signal.throwIfAborted();
    if (after === undefined) throw error;
    return { item: after, wasThere: false };
  }
}
