// Tables made by hand or drawn from a seed, in the shape that Python hands over.

import type { Candidate, Choice, PageData, Task } from "../src/problem";

export function table(
  tasks: readonly string[],
  rows: readonly [target: string, sources: string, affinity: number, kind?: string][],
  change: Partial<Choice> = {},
): PageData {
  const place = (name: string) => tasks.indexOf(name);
  const candidates = rows.map(
    ([target, sources, affinity, kind = "transfer"]): Candidate => ({
      target: place(target),
      sources: sources.split("+").map(place),
      kind,
      affinity,
      gain: affinity,
      quality: null,
    }),
  );
  return pageData(tasks, candidates, change);
}

function pageData(names: readonly string[], candidates: Candidate[], change: Partial<Choice>): PageData {
  const targets = new Set(candidates.map(({ target }) => target));
  const sources = new Set(candidates.flatMap((candidate) => candidate.sources));
  const tasks = names.map(
    (name, i): Task => ({ name, label: name, family: "2d", isTarget: targets.has(i), isSource: sources.has(i) }),
  );
  const start: Choice = {
    budget: 2,
    maxOrder: 4,
    allowsFullSupervision: true,
    roles: names.map(() => "both"),
    importance: names.map(() => 1),
    labelCost: names.map(() => 1),
    ...change,
  };
  return { origin: null, families: [{ name: "2d", label: "2D", colour: "#1B86C8" }], tasks, candidates, start };
}

/** A generator of numbers in [0, 1) that a seed fixes (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draw a table: every target from its own labels, from each source, and from `nHigher` larger sets. */
export function drawTable(
  seed: number,
  size: { nTasks: number; nTargets: number; nHigher: number; maxOrder: number },
): PageData {
  const random = randomNumbers(seed);
  const names = Array.from({ length: size.nTasks }, (_, i) => `task${String(i).padStart(2, "0")}`);
  const candidates: Candidate[] = [];
  const add = (target: number, sources: number[], kind: string, strength: number) =>
    candidates.push({ target, sources, kind, affinity: strength, gain: random(), quality: random() });
  for (let target = 0; target < size.nTargets; target++) {
    add(target, [target], "full_supervision", 8);
    const strength = names.map(() => Math.exp(1.5 * random()));
    names.forEach((_, source) => add(target, [source], "transfer", strength[source]!));
    const seen = new Set<string>();
    while (seen.size < size.nHigher) {
      const order = 2 + Math.floor(random() * (size.maxOrder - 1));
      const sources = names.map((_, i) => i).sort(() => random() - 0.5).slice(0, order).sort((a, b) => a - b);
      if (seen.has(String(sources))) continue;
      seen.add(String(sources));
      const best = Math.max(...sources.map((source) => strength[source]!));
      add(target, sources, "transfer", best * (1 + 0.2 * random() * Math.sqrt(order)));
    }
  }
  return pageData(names, candidates, {});
}
