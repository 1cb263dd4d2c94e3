import { render } from "preact";
import { App } from "./app";
import { readPageData } from "./problem";
import { Solver } from "./solver";
import "./style.css";

const textOf = (id: string): string => document.getElementById(id)!.textContent ?? "";

const data = readPageData(textOf("data"));
const page = document.getElementById("page")!;
page.textContent = "";
render(<App data={data} opening={Solver.unpack(textOf("solver"), data)} />, page);
