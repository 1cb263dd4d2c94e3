// The page: controls on one side, the answer on the other.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { readAddress, writeAddress } from "./address";
import { changesBetween } from "./changes";
import { MainControls, TaskControls } from "./controls";
import { Graph } from "./graph";
import type { Answer, Choice, PageData } from "./problem";
import { ChangeList, Summary, TransferTable } from "./result";
import type { Reply, Solver } from "./solver";

/** Answers in quicker succession count as one change, such as those of a moving slider. */
const SETTLING_MS = 1000;

interface Told {
  readonly reply: Reply;
  readonly previous: Answer | null;
  readonly at: number;
}

type Baseline = "previous" | "start";

export function App({ data, opening }: { data: PageData; opening: Promise<Solver> }) {
  const [choice, setChoice] = useState(() => readAddress(data, location.hash));
  const [baseline, setBaseline] = useState<Baseline>("previous");
  const { told, first, problem } = useAnswers(data, choice, opening);
  useAddress(data, choice, setChoice);
  const change = (part: Partial<Choice>) => setChoice((known) => ({ ...known, ...part }));
  const answer = told?.reply.answer ?? null;
  const earlier = baseline === "start" ? first : (told?.previous ?? null);
  const changes = useMemo(() => changesBetween(data, earlier, answer), [data, earlier, answer]);
  const isBusy = told === null || told.reply.choice !== choice;
  return (
    <>
      <header>
        <h1>What if?</h1>
        <p>Which tasks to label, and which to reach from them by transfer.</p>
      </header>
      <div class="columns">
        <form class="controls" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
          <MainControls data={data} choice={choice} change={change} />
          <TaskPanel data={data} choice={choice} change={change} reset={() => setChoice(data.start)} />
        </form>
        <main aria-busy={isBusy}>
          <section class="card answer" aria-live="polite" aria-label="Answer" {...attributes(data, told)}>
            {problem ? (
              <div class="summary none">
                <h2>The solver failed</h2>
                <p>{problem}</p>
              </div>
            ) : answer && told ? (
              <Summary
                data={data}
                choice={told.reply.choice}
                answer={answer}
                setBudget={(budget) => change({ budget })}
              />
            ) : (
              <p class="quiet">Solving …</p>
            )}
          </section>
          <section class="card changes" aria-label="What changed">
            <h2>
              What changed against{" "}
              <select
                aria-label="Compare with"
                value={baseline}
                onChange={(event) => setBaseline(event.currentTarget.value as Baseline)}
              >
                <option value="previous">the previous choice</option>
                <option value="start">the settings of the run</option>
              </select>
            </h2>
            {changes ? (
              <ChangeList data={data} changes={changes} />
            ) : (
              <p class="quiet">
                {earlier && answer ? "One of the two has no taxonomy." : "Nothing yet: move the budget, or change a task."}
              </p>
            )}
          </section>
          {answer?.status === "optimal" && (
            <>
              <section class="card" aria-label="Taxonomy">
                <Graph data={data} answer={answer} changes={changes} />
              </section>
              <section class="card" aria-label="Transfers">
                <TransferTable data={data} answer={answer} />
              </section>
            </>
          )}
          <footer class="quiet">
            {data.origin && <>Numbers: {data.origin}. </>}
            {told && <>Answered in {Math.max(1, Math.round(told.reply.milliseconds))} ms, inside this page.</>}
          </footer>
        </main>
      </div>
    </>
  );
}

interface TaskPanelProps {
  readonly data: PageData;
  readonly choice: Choice;
  readonly change: (part: Partial<Choice>) => void;
  readonly reset: () => void;
}

/** The table of tasks, folded on a narrow page, so that the answer comes first. */
function TaskPanel({ data, choice, change, reset }: TaskPanelProps) {
  const [isOpen] = useState(() => matchMedia("(min-width: 900px)").matches);
  const [isCopied, setCopied] = useState(false);
  const address = writeAddress(data, choice);
  useEffect(() => setCopied(false), [address]);
  const hasAddress = location.protocol !== "blob:"; // a page that is opened from the report has none to share
  const copy = () => navigator.clipboard?.writeText(location.href).then(() => setCopied(true));
  return (
    <>
      <div class="buttons">
        <button type="button" disabled={address === ""} onClick={reset}>
          Reset
        </button>
        {hasAddress && (
          <button type="button" onClick={copy}>
            {isCopied ? "Copied" : "Copy link"}
          </button>
        )}
      </div>
      <details class="task-panel" open={isOpen}>
        <summary>Tasks: role, importance, label cost</summary>
        <TaskControls data={data} choice={choice} change={change} />
      </details>
    </>
  );
}

/** Attributes for tests and scripts: the answer with all digits, and its choice. */
function attributes(data: PageData, told: Told | null): Record<string, string> {
  if (told === null) return {};
  const { answer, choice, failure, milliseconds } = told.reply;
  return {
    "data-choice": writeAddress(data, choice),
    "data-status": answer?.status ?? `failed: ${failure}`,
    "data-objective": answer?.status === "optimal" ? String(answer.objective) : "",
    "data-milliseconds": String(milliseconds),
  };
}

/** The answer to a choice, the previous answer, and the answer to the start choice. */
function useAnswers(data: PageData, choice: Choice, opening: Promise<Solver>) {
  const [told, setTold] = useState<Told | null>(null);
  const [first, setFirst] = useState<Answer | null>(null);
  const [broken, setBroken] = useState("");
  const latest = useRef(choice);
  latest.current = choice;
  useEffect(() => {
    opening.then(
      (solver) =>
        solver.ask(latest.current, (reply) => {
          const at = performance.now();
          setTold((known) => {
            if (known === null) return { reply, at, previous: null };
            const isSettled = known.previous === null || at - known.at > SETTLING_MS;
            return { reply, at, previous: isSettled ? known.reply.answer : known.previous };
          });
        }),
      (error: unknown) => setBroken(error instanceof Error ? error.message : String(error)),
    );
  }, [choice, opening]);
  useEffect(() => {
    // Solved after the first answer, so that the first answer does not wait.
    if (told === null || first !== null) return;
    const { choice: answered, answer } = told.reply;
    if (writeAddress(data, answered) === "") setFirst(answer);
    else if (answered === latest.current) opening.then((s) => s.ask(data.start, (r) => setFirst(r.answer)));
  }, [told, first, data, opening]);
  return { told, first, problem: broken || (told?.reply.failure ?? "") };
}

/** Keep the address and the choice in sync, both ways. */
function useAddress(data: PageData, choice: Choice, setChoice: (choice: Choice) => void) {
  useEffect(() => {
    const address = writeAddress(data, choice);
    if (location.hash.replace(/^#/, "") !== address)
      history.replaceState(null, "", address === "" ? location.pathname + location.search : `#${address}`);
  }, [data, choice]);
  useEffect(() => {
    const follow = () => setChoice(readAddress(data, location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [data, setChoice]);
}
