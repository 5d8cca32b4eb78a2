/** Taking the draft out: clipboard, files and paper. */
import type { Editor } from "@tiptap/core";
import { byId, h } from "./dom";
import { findings } from "./marks";
import type { Report } from "./report";
import { handwritten } from "./text";
import { category, elementName, reasons, severity, words } from "./words";

export function plainText(editor: Editor): string {
  return handwritten(editor.state.doc);
}

/** HTML that mail programs show as the editor does: each line a block of its own, without the gaps of paragraphs. */
export function richText(editor: Editor): string {
  return editor.getHTML().replaceAll("<p></p>", "<div><br></div>").replaceAll("<p>", "<div>").replaceAll("</p>", "</div>");
}

/** Copies; where the page may not use the clipboard (plain http to another computer), by a selection. Returns whether it worked. */
export async function copy(text: string, html?: string): Promise<boolean> {
  try {
    const parts: Record<string, Blob> = { "text/plain": new Blob([text], { type: "text/plain" }) };
    if (html !== undefined) parts["text/html"] = new Blob([html], { type: "text/html" });
    await navigator.clipboard.write([new ClipboardItem(parts)]);
    return true;
  } catch {
    let done = false;
    const fill = (event: ClipboardEvent): void => {
      event.clipboardData?.setData("text/plain", text);
      if (html !== undefined) event.clipboardData?.setData("text/html", html);
      event.preventDefault();
      event.stopImmediatePropagation();
      done = true;
    };
    document.addEventListener("copy", fill, { capture: true, once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", fill, { capture: true });
    return done;
  }
}

export function download(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function page(editor: Editor): string {
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Draft</title>\n<body>\n${richText(editor)}\n</body>\n</html>\n`;
}

/** Fills the sheet that only the printer sees: the draft with numbers at its findings, and the findings by number. */
export function preparePrint(editor: Editor, report: Report | null): void {
  const sheet = byId("print");
  if (!report) return sheet.replaceChildren();
  const draft = h("div", { class: "print-draft" });
  for (const node of editor.view.dom.childNodes) draft.append(node.cloneNode(true));
  const { placed } = findings(editor.state);
  const there = placed.filter(({ group }) => group.start !== null);
  const numbers = new Map(placed.map(({ group }, index) => [group.id, index + 1]));
  // The severest finding's line hides a milder one's below it, so the numbers follow the ranges, not the lines.
  for (const { group } of there) {
    const strokes = [...draft.querySelectorAll<HTMLElement>("[data-group]")].filter((one) => one.dataset.group === group.id);
    strokes.at(-1)?.after(h("sup", {}, String(numbers.get(group.id))));
  }
  const profile = [...byId("profile").querySelectorAll("select")].map((picker) => picker.selectedOptions[0]?.textContent?.trim());
  const entry = ({ group, suggestions }: (typeof placed)[number]): HTMLElement =>
    h(
      "li",
      { value: numbers.get(group.id) },
      ...group.findings.map((finding) =>
        h("p", {}, h("strong", {}, `${finding.element ? `Missing: ${elementName(finding.element).toLowerCase()}` : category(finding.category)}, ${severity(finding)}. `), `${finding.message} ${finding.why}`, finding.citation && !finding.why.includes(finding.citation) ? ` (${finding.citation})` : null),
      ),
      suggestions[0] && h("p", { class: "print-instead" }, suggestions[0].suggestion.text ? `Suggestion: ${suggestions[0].suggestion.text.trim()}` : "Suggestion: leave it out."),
    );
  const required = Object.entries(report.elements).filter(([, element]) => element.required);
  sheet.replaceChildren(
    h("h1", {}, "Report on a draft"),
    h("p", { class: "print-verdict" }, h("strong", {}, words.verdicts[report.verdict] ?? ""), `, score ${report.score} of 100. ${reasons(report)}`),
    h("p", { class: "print-profile" }, profile.join(" · ")),
    draft,
    h("h2", {}, "Findings"),
    placed.length ? h("ol", {}, ...placed.map(entry)) : h("p", {}, "None."),
    h("h2", {}, "Required here"),
    h("p", {}, required.map(([name, { present }]) => `${elementName(name)}: ${present ? "present" : "missing"}`).join(" · ") || "Nothing."),
    h("p", { class: "print-profile" }, `tonecheck ${report.version}`),
  );
}
