// What text SQS takes: tab, newline, carriage return and all from U+0020 up but U+FFFE, U+FFFF and lone surrogates (API reference, SendMessage).

const surrogatesAndNonCharacters = /[\ud800-\udfff\ufffe\uffff]/g;
const refusedByAnySqs = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g;

/**
 * The same JSON with every character beyond U+FFFD as `\u` escapes. SQS takes most of them as they are, emulators do not. Such a
 * character can stand in JSON only inside a string, where the escape means the same.
 */
export const escapedJson = (json: string): string =>
  json.replaceAll(surrogatesAndNonCharacters, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);

/** The text as an attribute's value: `maxChars` at most, without what SQS or an emulator refuses, and never empty, which SQS refuses too. */
export const attributeText = (text: string, maxChars: number): string =>
  text.replaceAll(refusedByAnySqs, '').slice(0, maxChars) || '-';
