// Writes the equations of a page; loaded by the pages that have some (scripts/site_hooks.py).
document.querySelectorAll(".arithmatex").forEach((equation) =>
  renderMathInElement(equation, {
    delimiters: [
      { left: "\\(", right: "\\)", display: false },
      { left: "\\[", right: "\\]", display: true },
    ],
  }),
);
