// The binary integer program as arrays for HiGHS; mirrors `core/taxonomy/program.py`.

import type { Admitted } from "./admission";
import type { Choice, PageData } from "./problem";

/** A cost may exceed its budget by this share: the rounding of sums, far below any price. */
export const BUDGET_SLACK = 1e-9;

/** HiGHS's tolerances are absolute; scaled so, differences of 1e-12 of the best candidate stay above them. */
const OBJECTIVE_SCALE = 1e3;

/**
 * maximise  Σ_i r_t(i) · p_i · x_i
 * such that Σ_{i into t} x_i = 1                  for each target t
 *           Σ_{i into t, s among S_i} x_i ≤ y_s   for each target t and source s
 *           Σ_s ℓ_s · y_s ≤ budget,   y_s ∈ {0, 1},   0 ≤ x_i ≤ 1
 *
 * Columns are the sources, then the candidates; x needs no integrality once y is binary. The budget is
 * the last row.
 */
export interface Program {
  readonly sources: readonly number[];
  readonly candidates: readonly number[];
  readonly colCost: Float64Array;
  readonly colUpper: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
  /** Factor between true and scaled objective. */
  readonly scale: number;
  /** Factor between true and scaled costs: the dearest label counts 1. */
  readonly costScale: number;
}

interface Row {
  readonly lower: number;
  readonly upper: number;
  readonly columns: number[];
  readonly values: number[];
}

export function buildProgram(data: PageData, choice: Choice, admitted: Admitted): Program {
  const { candidates } = admitted;
  const sources = [...new Set(candidates.flatMap((i) => data.candidates[i]!.sources))].sort((a, b) => a - b);
  const place = new Map(sources.map((source, column) => [source, column]));
  const weights = candidates.map((i) => weightOf(data, choice, i));
  const largest = Math.max(0, ...weights);
  const scale = largest > 0 ? OBJECTIVE_SCALE / largest : 1;
  const into = new Map<number, Row>(admitted.targets.map((target) => [target, newRow(1, 1)]));
  const through = new Map<string, Row>();
  candidates.forEach((i, n) => {
    const { target, sources: needed } = data.candidates[i]!;
    const column = sources.length + n;
    put(into.get(target)!, column, 1);
    for (const source of needed) {
      const key = `${target} ${source}`;
      let row = through.get(key);
      if (!row) through.set(key, (row = put(newRow(-Infinity, 0), place.get(source)!, -1)));
      put(row, column, 1);
    }
  });
  const costScale = 1 / Math.max(...sources.map((source) => choice.labelCost[source]!));
  const limit = choice.budget * (1 + BUDGET_SLACK);
  const budget = newRow(-Infinity, limit * costScale);
  sources.forEach((source, column) => put(budget, column, choice.labelCost[source]! * costScale));
  // Candidates that cost more than the whole budget cannot be chosen: fixing them tightens the relaxation.
  const affordable = candidates.map((i) => (costOf(choice, data.candidates[i]!.sources) <= limit ? 1 : 0));
  return {
    sources,
    candidates,
    colCost: Float64Array.from([...sources.map(() => 0), ...weights.map((weight) => weight * scale)]),
    colUpper: Float64Array.from([...sources.map(() => 1), ...affordable]),
    scale,
    costScale,
    ...sparse([...into.values(), ...through.values(), budget]),
  };
}

export const weightOf = (data: PageData, choice: Choice, i: number): number =>
  choice.importance[data.candidates[i]!.target]! * data.candidates[i]!.affinity;

export const costOf = (choice: Choice, sources: readonly number[]): number =>
  sources.reduce((sum, source) => sum + choice.labelCost[source]!, 0);

function newRow(lower: number, upper: number): Row {
  return { lower, upper, columns: [], values: [] };
}

function put(row: Row, column: number, value: number): Row {
  row.columns.push(column);
  row.values.push(value);
  return row;
}

function sparse(rows: readonly Row[]) {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, n) => (starts[n + 1] = starts[n]! + row.columns.length));
  return {
    rowLower: Float64Array.from(rows, (row) => row.lower),
    rowUpper: Float64Array.from(rows, (row) => row.upper),
    starts,
    indices: Int32Array.from(rows.flatMap((row) => row.columns)),
    values: Float64Array.from(rows.flatMap((row) => row.values)),
  };
}
