// Words that are selected in an article's text become a claim by hand: a button appears, and leads to the form with the
// words, their place and how the text says them. Without this file the form is reached by its link.
"use strict";

(() => {
  const paper = document.querySelector(".article-page .paper");
  const form = document.querySelector(".from-selection");
  if (!paper || !form) return;

  // Places are counted in Unicode code points of the version's text; the claims' numbers are not part of it.
  function place(block, node, offset) {
    const before = document.createRange();
    before.setStart(block, 0);
    before.setEnd(node, offset);
    const shown = before.cloneContents();
    for (const number of shown.querySelectorAll(".claim-number")) number.remove();
    return Number(block.dataset.start) + [...shown.textContent].length;
  }

  function chosen() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !selection.toString().trim()) return null;
    const range = selection.getRangeAt(0);
    return range.intersectsNode(paper) ? range : null;
  }

  function bounds(range) {
    const blocks = [...paper.querySelectorAll(".block")].filter((block) => range.intersectsNode(block));
    if (!blocks.length) return null;
    const [first, last] = [blocks[0], blocks[blocks.length - 1]];
    const { startContainer, startOffset, endContainer, endOffset } = range;
    const start = first.contains(startContainer) ? place(first, startContainer, startOffset) : first.dataset.start;
    const end = last.contains(endContainer) ? place(last, endContainer, endOffset) : last.dataset.end;
    return [start, end];
  }

  document.addEventListener("selectionchange", () => {
    form.hidden = !chosen();
  });
  // A press on the button keeps what is selected.
  form.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("submit", (event) => {
    const range = chosen();
    const found = range && bounds(range);
    if (!found) {
      event.preventDefault();
      return;
    }
    [form.elements.start.value, form.elements.end.value] = found;
  });
})();
