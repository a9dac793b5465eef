// To be loaded before a program (`node --import`): when it ends, the URLs of all its modules are in the file that NOTE_MODULES_IN names.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const urls: string[] = [];
registerHooks({
  load(url, context, next) {
    urls.push(url);
    return next(url, context);
  },
});
process.once('exit', () => writeFileSync(process.env['NOTE_MODULES_IN'] ?? '', urls.join('\n')));
