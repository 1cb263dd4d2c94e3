// Sends the newest choice to the worker; older choices that are still waiting are dropped.

import type { Answer, Choice, PageData } from "./problem";
import SolverWorker from "./worker?worker&inline";
import type { FromWorker, ToWorker } from "./worker";

/** A program that takes longer is cancelled as soon as another one is requested. */
const PATIENCE_MS = 400;

export interface Reply {
  readonly choice: Choice;
  readonly answer: Answer | null;
  /** What went wrong inside the solver; empty otherwise. */
  readonly failure: string;
  /** From the question to the reply, waiting and messages included. */
  readonly milliseconds: number;
}

interface Question {
  readonly choice: Choice;
  readonly asked: number;
  readonly tell: (reply: Reply) => void;
}

export class Solver {
  private worker: Worker | null = null;
  private running: Question | null = null;
  private next: Question | null = null;
  private number = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    private readonly module: WebAssembly.Module,
    private readonly data: PageData,
  ) {}

  /** Unpack the solver in the page, base64 of gzip. */
  static async unpack(text: string, data: PageData): Promise<Solver> {
    const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Solver(await WebAssembly.compile(await new Response(stream).arrayBuffer()), data);
  }

  /** Solve a choice; a request that is followed by a newer one is never answered. */
  ask(choice: Choice, tell: (reply: Reply) => void): void {
    const question = { choice, asked: performance.now(), tell };
    if (this.running === null) {
      this.send(question);
      return;
    }
    this.next = question;
    const waited = performance.now() - this.running.asked;
    this.timer ??= setTimeout(() => this.restart(), Math.max(0, PATIENCE_MS - waited));
  }

  private send(question: Question): void {
    this.running = question;
    this.number += 1;
    this.post({ kind: "solve", number: this.number, choice: question.choice });
  }

  private post(message: ToWorker): void {
    if (this.worker === null) {
      this.worker = new SolverWorker();
      this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.receive(data);
      this.worker.onerror = (event) =>
        this.receive({ number: this.number, answer: null, failure: event.message, milliseconds: 0 });
      this.worker.postMessage({ kind: "start", solver: this.module, data: this.data } satisfies ToWorker);
    }
    this.worker.postMessage(message);
  }

  private receive({ number, answer, failure }: FromWorker): void {
    if (number !== this.number || this.running === null) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    const { choice, asked, tell } = this.running;
    const next = this.next;
    this.running = this.next = null;
    if (next !== null) this.send(next);
    tell({ choice, answer, failure, milliseconds: performance.now() - asked });
  }

  private restart(): void {
    this.worker?.terminate();
    this.worker = null;
    this.timer = undefined;
    const { next } = this;
    this.running = this.next = null;
    if (next !== null) this.send(next);
  }
}
