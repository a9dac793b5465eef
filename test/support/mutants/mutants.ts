// Ways to break the worker on purpose, each with the suites that must notice it: otherwise their silence would prove nothing.

/** A test file, or the simulation with seeds from 1 on. */
export type Suite = 'simulation' | `test/${string}.test.ts`;

export type Mutant = {
  name: string;
  file: string;
  /** Stands in the file exactly once. */
  from: string;
  to: string;
  /** Each of them must fail. */
  noticedBy: readonly [Suite, ...Suite[]];
};

export const mutants: readonly Mutant[] = [
  {
    name: 'no sync of the journal',
    file: 'src/services/journal/journal.ts',
    from: '      await this.#file.datasync();\n',
    to: '',
    noticedBy: ['test/crash/disk-faults.test.ts', 'simulation'],
  },
  {
    name: 'no sync of the folder in which a journal is created',
    file: 'src/services/journal/journal.ts',
    from: '      await disk.syncFolder(dirname(path));\n    } catch',
    to: '    } catch',
    noticedBy: ['simulation'],
  },
  {
    name: 'what an opened journal held is not written again',
    file: 'src/services/journal/journal.ts',
    from: '    journal.#unsure = bytes.subarray(0, content.intactBytes);\n',
    to: '',
    noticedBy: ['simulation', 'test/crash/simulation-findings.test.ts'],
  },
  {
    name: 'a torn record is not cut off',
    file: 'src/services/journal/journal.ts',
    from: '      if (content.torn.length > 0) await journal.#cutOff(content);\n',
    to: '',
    noticedBy: ['simulation', 'test/unit/journal-damage.test.ts'],
  },
  {
    name: 'the crc of a record is not checked',
    file: 'src/events/journal-line.ts',
    from: 'if (crc32(line.subarray(crcFieldBytes)) !== Number.parseInt(crc, 16)) {',
    to: 'if (Number.isNaN(Number.parseInt(crc, 16))) {',
    noticedBy: ['test/unit/journal-damage.test.ts'],
  },
  {
    name: 'the place of a record is not checked',
    file: 'src/services/journal/read-journal.ts',
    from: '    if (decoded.record.seq !== line) throw',
    to: '    if (line < 1) throw',
    noticedBy: ['test/unit/journal-damage.test.ts'],
  },
  {
    name: 'steps do not wait for the disk',
    file: 'src/worker/gate.ts',
    from: '      await onDisk(facts);\n',
    to: '',
    noticedBy: ['test/crash/disk-faults.test.ts', 'simulation', 'test/unit/effect-gate.test.ts'],
  },
  {
    name: 'the end is not on disk when the run is over',
    file: 'src/worker/run-task.ts',
    from: '    await journal.flushed();\n  }\n}',
    to: '  }\n}',
    noticedBy: ['test/crash/disk-faults.test.ts', 'simulation'],
  },
  {
    name: 'a second writer of a journal is not noticed',
    file: 'src/services/journal/journal.ts',
    from: 'if (size !== this.#size) {',
    to: 'if (size < 0) {',
    noticedBy: ['test/unit/journal-writing.test.ts'],
  },
  {
    name: 'a state directory is not locked',
    file: 'src/worker/state-lock.ts',
    from: "    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');\n",
    to: '',
    noticedBy: ['test/unit/state-lock.test.ts'],
  },
  {
    name: 'pull request and comment are created without a look',
    file: 'src/services/forge/find-or-create.ts',
    from: '  const found = await find();\n  if (found !== undefined) return { item: found, wasThere: true };\n',
    to: '',
    noticedBy: ['test/contracts/forge.test.ts', 'test/contracts/forge-comments.test.ts'],
  },
  {
    name: 'a pull request is created without a look',
    file: 'src/services/forge/pull-requests.ts',
    from: '    () => find(github, draft.repository, draft.headBranch, signal),\n',
    to: '    async () => undefined,\n',
    noticedBy: ['test/contracts/forge.test.ts'],
  },
  {
    name: 'a comment is created without a look',
    file: 'src/services/forge/comments.ts',
    from: '    () => find(github, place, signal),\n',
    to: '    async () => undefined,\n',
    // The simulation does not see it: a second comment is taken back.
    noticedBy: ['test/contracts/forge-comments.test.ts'],
  },
  {
    name: 'publishing does not look for the pull request of an earlier try',
    file: 'src/worker/steps/publish.ts',
    from: '(await openedEarlier(runtime, input, signal)) ?? ',
    to: '',
    noticedBy: ['simulation'],
  },
  {
    name: 'the message is deleted when the task is taken',
    file: 'src/worker/consume.ts',
    from: '    const driven = drive(',
    to: '    await queue.delete(delivery.receiptHandle, signal);\n    const driven = drive(',
    noticedBy: ['simulation'],
  },
  {
    name: 'the message is deleted although the task was only suspended',
    file: 'src/worker/own-task.ts',
    from: '    if (end.ended) {',
    to: '    await runtime.queue.delete(lease.receiptHandle, signal);\n    if (end.ended) {',
    noticedBy: ['simulation'],
  },
  {
    name: 'a stale receipt counts as held',
    file: 'src/worker/lease.ts',
    from: '      this.#hear(kept);',
    to: '      this.#hear(true);',
    noticedBy: ['simulation', 'test/unit/lease.test.ts'],
  },
  {
    name: 'effects do not ask the lease',
    file: 'src/worker/leased.ts',
    from: '      await lease.held(call[call.length - 1] as AbortSignal);',
    to: '',
    noticedBy: ['simulation', 'test/crash/simulation-findings.test.ts'],
  },
];
