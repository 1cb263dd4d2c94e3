// The answer in text and numbers: what to label, how good it is, what changed, each transfer.

import type { Changes } from "./changes";
import { TaskName } from "./marks";
import type { Answer, Choice, PageData, Solved } from "./problem";
import { amount, counted, label, origin, percent, points, signed } from "./words";

interface SummaryProps {
  readonly data: PageData;
  readonly choice: Choice;
  readonly answer: Answer;
  readonly setBudget: (budget: number) => void;
}

export function Summary({ data, choice, answer, setBudget }: SummaryProps) {
  if (answer.status !== "optimal") return <NoTaxonomy answer={answer} setBudget={setBudget} />;
  return (
    <div class="summary">
      <h2>
        Label {counted(answer.labelled.length, "task")}, reach {counted(answer.selected.length, "target")}
      </h2>
      <ul class="chips">
        {answer.labelled.map((task) => (
          <li key={task}>
            <TaskName task={task} data={data} />
          </li>
        ))}
      </ul>
      <dl class="figures">
        <Figure name="mean gain" value={percent(answer.gain)} hint="wins against scratch networks" />
        <Figure name="mean quality" value={percent(answer.quality)} hint="wins against own networks" />
        <Figure name="objective" value={answer.objective.toFixed(3)} hint="proven best" />
        <Figure name="label cost" value={amount(answer.cost)} hint={`of a budget of ${choice.budget}`} />
      </dl>
    </div>
  );
}

function Figure({ name, value, hint }: { name: string; value: string; hint: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{value}</b>
        <small>{hint}</small>
      </dd>
    </div>
  );
}

function NoTaxonomy({
  answer,
  setBudget,
}: {
  answer: Exclude<Answer, Solved>;
  setBudget: (budget: number) => void;
}) {
  const { cheapest } = answer;
  return (
    <div class="summary none">
      <h2>{answer.status === "infeasible" ? "Infeasible: no taxonomy" : "Nothing to solve"}</h2>
      <p>{answer.reason}</p>
      {cheapest !== null && (
        <p>
          The cheapest taxonomy costs {amount(cheapest)}.{" "}
          <button type="button" onClick={() => setBudget(cheapest)}>
            Set the budget to {amount(cheapest)}
          </button>
        </p>
      )}
    </div>
  );
}

export function ChangeList({ data, changes }: { data: PageData; changes: Changes }) {
  const { added, dropped, targets, gain, quality, cost } = changes;
  if (added.length + dropped.length + targets.length === 0)
    return <p class="quiet">The same labels and the same transfers.</p>;
  return (
    <>
      <ul class="chips">
        {added.map((task) => (
          <li key={task} class="added">
            <span class="sign" aria-hidden="true">
              +
            </span>
            <span class="unseen">also label </span>
            <TaskName task={task} data={data} />
          </li>
        ))}
        {dropped.map((task) => (
          <li key={task} class="dropped">
            <span class="sign" aria-hidden="true">
              −
            </span>
            <span class="unseen">no longer label </span>
            <TaskName task={task} data={data} />
          </li>
        ))}
        {added.length + dropped.length === 0 && <li class="plain">the same labels</li>}
      </ul>
      <p class="deltas">
        gain <b>{points(gain)}</b> · quality <b>{points(quality)}</b> · label cost <b>{signed(cost)}</b>
      </p>
      {targets.length > 0 && (
        <details>
          <summary>{counted(targets.length, "target")} reached otherwise</summary>
          <ul class="moves">
            {targets.map(({ target, before, after }) => (
              <li key={target}>
                <b>{label(data, target)}</b>: {before === null ? "not a target" : origin(data, data.candidates[before]!)}{" "}
                → {after === null ? "no target any more" : origin(data, data.candidates[after]!)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

export function TransferTable({ data, answer }: { data: PageData; answer: Solved }) {
  const rows = [...answer.selected].sort((a, b) => data.candidates[a]!.target - data.candidates[b]!.target);
  return (
    <table class="transfers">
      <caption>
        The chosen transfers. Gain is the share of test images on which the transfer beats a network trained from
        nothing on the same data, quality the share on which it beats the target's own fully supervised network;
        50&nbsp;% is a tie.
      </caption>
      <thead>
        <tr>
          <th scope="col">Target</th>
          <th scope="col">from</th>
          <th scope="col">Gain</th>
          <th scope="col">Quality</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((i) => {
          const candidate = data.candidates[i]!;
          return (
            <tr key={candidate.target}>
              <th scope="row">
                <TaskName task={candidate.target} data={data} />
              </th>
              <td>{origin(data, candidate)}</td>
              <Share share={candidate.gain} />
              <Share share={candidate.quality} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Share({ share }: { share: number | null }) {
  return (
    <td class="share">
      <span style={{ "--share": `${100 * (share ?? 0)}%` }}>{percent(share)}</span>
    </td>
  );
}
