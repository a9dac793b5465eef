// A full disk is an expected failure, whoever met it: git says so in words, Node by an error's code.
import { coded } from '../../events/failure.ts';
import { hasCode } from './folders.ts';

/** The same function, throwing `CW-WORKSPACE-DISK` where Node's file functions would throw ENOSPC or EDQUOT. */
export function tellingFullDisk<Arguments extends unknown[], Result>(
  call: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  return async (...args) => {
    try {
      return await call(...args);
    } catch (error) {
      if (!hasCode(error, 'ENOSPC', 'EDQUOT')) throw error;
      throw coded('CW-WORKSPACE-DISK', 'The disk that holds the working copies is full.', { cause: error });
    }
  };
}
