// Solves in a worker, so that the page stays responsive while HiGHS runs.

import loadHighs, { type Highs } from "highs";
import type { Answer, Choice, PageData } from "./problem";
import { solve } from "./solving";

export type ToWorker =
  | { readonly kind: "start"; readonly solver: WebAssembly.Module; readonly data: PageData }
  | { readonly kind: "solve"; readonly number: number; readonly choice: Choice };

export interface FromWorker {
  readonly number: number;
  readonly answer: Answer | null;
  readonly failure: string;
  readonly milliseconds: number;
}

let ready: Promise<{ highs: Highs; data: PageData }> | null = null;

/**
 * Start HiGHS from a compiled module, through Emscripten's hook: version 1.15.3 documents the options
 * `wasmModule` and `wasmBinary` but reads neither.
 */
function start(solver: WebAssembly.Module): Promise<Highs> {
  return new Promise((resolve, reject) => {
    const options = {
      instantiateWasm: (imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) => {
        WebAssembly.instantiate(solver, imports).then(receive).catch(reject);
        return {};
      },
    };
    loadHighs(options as object).then(resolve, reject);
  });
}

self.onmessage = async ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.kind === "start") {
    const { solver, data } = message;
    ready = start(solver).then((highs) => ({ highs, data }));
    return;
  }
  let answer: Answer | null = null;
  let failure = "";
  let milliseconds = 0;
  try {
    const { highs, data } = await ready!;
    const start = performance.now();
    answer = solve(highs, data, message.choice);
    milliseconds = performance.now() - start;
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  self.postMessage({ number: message.number, answer, failure, milliseconds } satisfies FromWorker);
};
