// Tells by name and status what a failed SQS call means. AWS names one thing differently in its protocols, hence the groups.
import { queueErrorMaxChars } from '../../events/bounds.ts';
import { coded, CodedError } from '../../events/failure.ts';

const authNames = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSecurity',
  'InvalidSignatureException',
  'KmsAccessDenied',
  'MissingAuthenticationToken',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);
const notFoundNames = new Set(['QueueDoesNotExist', 'NonExistentQueue', 'InvalidAddress']);
/**
 * SQS speaks of an expired or foreign receipt by any of these (API reference, ChangeMessageVisibility and DeleteMessage); by the last also of
 * a visibility that would end more than 12 h after the receive.
 */
const receiptNames = new Set(['MessageNotInflight', 'ReceiptHandleIsInvalid', 'InvalidParameterValue']);
/** The message itself is refused: too large, or characters that SQS does not take. */
const contentNames = new Set(['InvalidMessageContents', 'InvalidParameterValue', 'BatchRequestTooLong']);

/** The receipt is stale, or the message is gone. For calls whose only varying parameter is the receipt. */
export const isReceiptLost = (error: unknown): boolean => namesOf(error).some((name) => receiptNames.has(name));

export const isContentRefused = (error: unknown): boolean => namesOf(error).some((name) => contentNames.has(name));

/** `CW-QUEUE-AUTH`, `CW-QUEUE-NOT-FOUND`, or `CW-QUEUE-UNAVAILABLE` for all that may pass: network, throttling, 5xx, answers that are not SQS's. */
export function queueFailure(call: string, error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const names = namesOf(error);
  const status = statusOf(error);
  const message = `${call}: ${describe(names, status, error)}`;
  const facts = { cause: error };
  if (names.some((name) => notFoundNames.has(name)) || status === 404)
    return coded('CW-QUEUE-NOT-FOUND', message, facts);
  if (names.some((name) => authNames.has(name)) || status === 401 || status === 403) {
    return coded('CW-QUEUE-AUTH', message, facts);
  }
  return coded('CW-QUEUE-UNAVAILABLE', message, facts);
}

/** The error's name and code, without the `AWS.SimpleQueueService.` that some answers put before it. */
function namesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [error.name, ...code].map((name) => name.replace(/^.*[.#]/, ''));
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Only the first line of AWS's text: what follows in a signature error repeats the request's headers. */
function describe(names: readonly string[], status: number | undefined, error: unknown): string {
  const sentence = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
  const label = [...new Set(names)].join(' ') + (status === undefined ? '' : ` (HTTP ${status})`);
  return `${label}: ${sentence.slice(0, queueErrorMaxChars)}`;
}
