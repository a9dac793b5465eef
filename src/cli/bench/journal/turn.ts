// What one turn of the journal bench measured: the lengths of its steps and tasks, and how long all of it took.

export type Turn = {
  /** Milliseconds of each step, from its beginning to that of the next, its record on disk in between. */
  stepMs: number[];
  /** Milliseconds of each task's ten steps. */
  taskMs: number[];
  wallMs: number;
};

/** Does `count` pieces of work, `atOnce` of them at once. Milliseconds for all. */
export async function allOf(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<number> {
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) {
        const index = next;
        next += 1;
        await work(index);
      }
    }),
  );
  return performance.now() - began;
}
