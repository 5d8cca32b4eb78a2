/** The page: what a person does, and what happens then. */
import type { Editor } from "@tiptap/core";
import * as api from "./api";
import { byId } from "./dom";
import { accept, focusGroup, goTo, openEditor, setHtml, setText, show, showEvidence } from "./editor";
import { findings, fits, place, type PlacedGroup, type PlacedSuggestion } from "./marks";
import { utf16 } from "./offsets";
import * as output from "./output";
import { profile, recall, setProfile } from "./profile";
import { group, keyOf, type Report } from "./report";
import { type Asks, drawChecklist, drawFindings, drawVerdict, showCard } from "./results";
import { offer } from "./templates";
import { textOf } from "./text";
import { plural, words } from "./words";

const PAUSE_MS = 400;

let report: Report | null = null;
/** The text that the report is about. */
let checked = "";
let running: AbortController | null = null;
let waiting: number | undefined;
/** What was dismissed, step by step, so that it can be taken back. Kept in memory: a draft's words are never stored. */
const dismissals: string[][] = [];

const area = byId<HTMLTextAreaElement>("text");
const state = byId("status");
const live = byId("live");
const trouble = byId("error");

const asks: Asks = { pick, accept: take, dismiss, restore, acceptSafe, evidence };
const editor: Editor = openEditor(byId("editor"), area.value, {
  onChange: (reason) => later(reason === "typed" ? PAUSE_MS : 0),
  onPick: (id) => {
    focusGroup(editor, id);
    showCard(id, false);
  },
});
area.hidden = true;
area.disabled = true;

function draft(): string {
  return textOf(editor.state.doc).text;
}

function say(words: string): void {
  live.textContent = words;
}

function later(pause: number): void {
  window.clearTimeout(waiting);
  running?.abort();
  buttons();
  if (!draft().trim()) return clean();
  status("Checking…");
  waiting = window.setTimeout(() => void check(), pause);
}

function status(text: string): void {
  if (state.textContent === text) return;
  state.textContent = text;
  document.body.classList.toggle("is-checking", text === "Checking…");
  if (text) say(text);
}

/** Back to the empty page. */
function clean(): void {
  report = null;
  checked = "";
  document.body.classList.remove("has-report");
  trouble.hidden = true;
  status("");
  show(editor, []);
  buttons();
}

async function check(): Promise<void> {
  const map = textOf(editor.state.doc);
  const doc = editor.state.doc;
  running = new AbortController();
  const { signal } = running;
  let answer: Report;
  try {
    answer = await api.check(map.text, profile(), signal);
  } catch (error) {
    if (signal.aborted) return;
    byId("error-text").textContent = error instanceof api.Problem ? error.message : "The draft could not be checked.";
    trouble.hidden = false;
    status("");
    return;
  }
  // Whatever changed the draft meanwhile has asked for a check of its own.
  if (signal.aborted || !editor.state.doc.eq(doc)) return;
  trouble.hidden = true;
  report = answer;
  checked = map.text;
  document.body.classList.add("has-report");
  status("");
  drawVerdict(answer);
  drawChecklist(answer, asks);
  arrange();
  const found = visible().length;
  say(`${words.verdicts[answer.verdict]}, score ${answer.score} of 100. ${found ? plural(found, "place", "places") : "No place"} to look at.`);
}

/** Places the findings that are not dismissed in the draft as it stands, and draws them. */
function arrange(): void {
  if (!report) return;
  const hidden = new Set(dismissals.flat());
  const left = report.findings.filter((finding) => !hidden.has(keyOf(finding)));
  show(editor, place(group(left), textOf(editor.state.doc)));
  draw();
}

function visible(): PlacedGroup[] {
  return findings(editor.state).placed;
}

function draw(): void {
  const { placed, current } = findings(editor.state);
  const hidden = new Set(dismissals.flat());
  const away = new Set(report?.findings.map(keyOf).filter((key) => hidden.has(key)));
  drawFindings(placed, away.size, current, safeOnes().length, asks);
  buttons();
}

function pick(id: string): void {
  const one = visible().find(({ group: own }) => own.id === id);
  focusGroup(editor, id);
  showCard(id, false);
  const target = one?.range ?? one?.suggestions[0];
  // On a phone the focus would bring up its keyboard; there, the words are only shown.
  if (target && !matchMedia("(pointer: coarse)").matches) goTo(editor, { from: target.from, to: target.to });
}

function take(_placed: PlacedGroup, suggestion: PlacedSuggestion, text?: string): void {
  // What was drawn may be older than the last letter typed: the places are those that the editor kept up to date.
  const now = visible().flatMap((one) => one.suggestions).find((one) => one.suggestion === suggestion.suggestion);
  if (!now || !accept(editor, [now], text)) {
    say("The words have changed since; checking again.");
    return later(0);
  }
  draw();
}

function safeOnes(): PlacedSuggestion[] {
  const first = visible().map((one) => one.suggestions.find(({ suggestion }) => suggestion.safe));
  let floor = 0;
  return first
    .filter((one): one is PlacedSuggestion => one !== undefined && fits(editor.state, one))
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .filter((one) => one.from >= floor && ((floor = one.to), true));
}

function acceptSafe(): void {
  const done = accept(editor, safeOnes());
  draw();
  say(`${plural(done, "suggestion", "suggestions")} applied.`);
}

function dismiss({ group: own }: PlacedGroup): void {
  dismissals.push(own.findings.map(keyOf));
  arrange();
  say("Dismissed. It can be brought back at the end of the list.");
}

function restore(): void {
  dismissals.pop();
  arrange();
}

function evidence(name: string): void {
  const found = report?.elements[name]?.evidence ?? [];
  const units = utf16(checked);
  if (draft() === checked) showEvidence(editor, found.map(({ start, end }) => [units(start), units(end)]));
  showCard(null, false);
}

/** Goes to the next finding (1) or the one before (-1), from the one looked at or from the cursor. */
function step(by: 1 | -1): void {
  const placed = visible();
  if (!placed.length) return say("No findings.");
  const { current } = findings(editor.state);
  let at = placed.findIndex(({ group: own }) => own.id === current);
  if (at < 0 && by < 0) at = placed.length;
  const next = placed[(at + by + placed.length) % placed.length]!;
  focusGroup(editor, next.group.id);
  showCard(next.group.id, true);
}

function buttons(): void {
  const empty = editor.isEmpty;
  byId<HTMLButtonElement>("undo").disabled = !editor.can().undo();
  byId<HTMLButtonElement>("redo").disabled = !editor.can().redo();
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-needs-draft]")) button.disabled = empty;
  document.body.classList.toggle("is-empty", empty);
}

function on(id: string, act: () => void): void {
  byId(id).addEventListener("click", act);
}

async function copied(html?: string): Promise<void> {
  const done = await output.copy(output.plainText(editor), html);
  const words = done ? "Copied." : "The browser did not allow copying. Select the draft and press Ctrl+C.";
  state.textContent = words;
  say(words);
  window.setTimeout(() => {
    if (state.textContent === words) state.textContent = "";
  }, 4000);
}

on("undo", () => editor.chain().undo().run());
on("redo", () => editor.chain().redo().run());
on("clear", () => {
  setText(editor, "");
  editor.commands.focus();
});
on("sample", () => setText(editor, byId<HTMLTemplateElement>("sample-draft").content.textContent!.trim()));
on("copy-text", () => void copied());
on("copy-rich", () => void copied(output.richText(editor)));
on("save-text", () => output.download("draft.txt", "text/plain", `${output.plainText(editor)}\n`));
on("save-html", () => output.download("draft.html", "text/html", output.page(editor)));
on("print-report", () => window.print());
on("retry", () => later(0));
on("next", () => step(1));
on("previous", () => step(-1));
on("theme", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("tonecheck.theme", next);
  } catch {
    // Not remembered, then.
  }
});

window.addEventListener("beforeprint", () => output.preparePrint(editor, report));
byId("draft-form").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  const plain = event.altKey && !event.ctrlKey && !event.metaKey;
  // By the key's place, because Alt makes other letters of it on some keyboards.
  const by = event.key === "F8" ? (event.shiftKey ? -1 : 1) : plain && event.code === "KeyN" ? 1 : plain && event.code === "KeyP" ? -1 : 0;
  if (by) {
    event.preventDefault();
    step(by as 1 | -1);
  }
  const open = document.querySelector<HTMLDetailsElement>("details.menu[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary")?.focus();
  } else if (event.key === "Escape" && byId("findings").contains(document.activeElement)) {
    editor.view.focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    const inside = menu.contains(event.target as Node);
    if (!inside || (event.target as Element).closest("button")) menu.open = false;
  }
});

recall(() => later(0));
buttons();
if (draft().trim()) later(0);
void api.templates().then((known) =>
  offer(known, ({ text, html, subject }, template) => {
    setProfile(template.profile ?? {});
    if (html) setHtml(editor, subject && !/^subject:/i.test(text) ? `<p>Subject: ${escaped(subject)}</p>${html}` : html);
    else setText(editor, subject && !/^subject:/i.test(text) ? `Subject: ${subject}\n\n${text}` : text);
    editor.commands.focus("start");
  }),
);

function escaped(text: string): string {
  const holder = document.createElement("p");
  holder.textContent = text;
  return holder.innerHTML;
}
