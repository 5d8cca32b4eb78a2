/** Makes HTML from Word and Outlook plain enough to read: real lists, real bold, no styles, no leftovers of the program. */

const DROPPED = "style, script, meta, link, title, xml, template, iframe, object, img, svg, head > *, o\\:p:empty";

/** Cleans pasted HTML. What a style says in words (bold, italic, underlined) becomes a mark; all other styles go. */
export function cleanHtml(html: string): string {
  // Word hides its bullets in conditional comments; both kinds are only in the way.
  const bare = html.replace(/<!--\[if[\s\S]*?<!\[endif\]-->/gi, "").replace(/<!\[(?:if[^\]]*|endif)\]>/gi, "");
  // Gone or renamed before parsing: a page's policy would otherwise report every style as a breach.
  const quiet = bare.replace(/<style\b[\s\S]*?<\/style\s*>/gi, "").replace(/(<[a-z][^<>]*?\s)style(\s*=)/gi, "$1data-style$2");
  const page = new DOMParser().parseFromString(quiet, "text/html");
  for (const node of page.querySelectorAll(DROPPED)) node.remove();
  for (const node of [...page.querySelectorAll<HTMLElement>("[data-style]")]) markFromStyle(node);
  wordLists(page);
  for (const node of [...page.querySelectorAll("o\\:p, font")]) node.replaceWith(...node.childNodes);
  for (const node of page.querySelectorAll("p, li, div")) {
    if (node.textContent === "\u00a0") node.textContent = "";
  }
  for (const node of page.querySelectorAll("*")) {
    for (const { name } of [...node.attributes]) {
      if (!["href", "start", "data-pm-slice"].includes(name)) node.removeAttribute(name);
    }
  }
  return page.body.innerHTML;
}

function styleOf(node: Element): string {
  return (node.getAttribute("data-style") ?? "").toLowerCase().replace(/\s+/g, " ");
}

function markFromStyle(node: HTMLElement): void {
  const style = styleOf(node);
  if (/mso-list: ?ignore/.test(style)) return;
  if (/(^|;) ?(display: ?none|mso-hide: ?all)/.test(style)) return node.remove();
  const marks: string[] = [];
  if (/(^|;) ?font-weight: ?(bold|[6-9]00)/.test(style)) marks.push("strong");
  if (/(^|;) ?font-style: ?italic/.test(style)) marks.push("em");
  if (/(^|;) ?text-decoration(-line)?: ?[^;]*underline/.test(style) && node.tagName !== "A") marks.push("u");
  // A wrapper that says "normal" (as Google's do) must not turn its content bold.
  if (/^(B|STRONG)$/.test(node.tagName) && /(^|;) ?font-weight: ?(normal|400)/.test(style)) {
    const span = node.ownerDocument.createElement("span");
    span.append(...node.childNodes);
    node.replaceWith(span);
    return;
  }
  for (const name of marks) {
    const mark = node.ownerDocument.createElement(name);
    mark.append(...node.childNodes);
    node.append(mark);
  }
}

/** Turns Word's list paragraphs (`mso-list: l0 level2 …`) into lists. */
function wordLists(page: Document): void {
  let open: { level: number; list: HTMLElement }[] = [];
  let last: Element | null = null;
  for (const node of [...page.querySelectorAll("p")]) {
    const level = Number(styleOf(node).match(/mso-list: ?l\d+ level(\d+)/)?.[1] ?? 0);
    if (!level) continue;
    const marker = node.querySelector('[data-style*="mso-list:" i]');
    const numbered = /^\s*[\da-z]{1,3}[.)]/i.test(marker?.textContent ?? "");
    marker?.remove();
    const follows = last !== null && node.previousElementSibling === last;
    if (!follows) open = [];
    while (open.length && open.at(-1)!.level > level) open.pop();
    if (!open.length || open.at(-1)!.level < level) {
      const list = page.createElement(numbered ? "ol" : "ul");
      const parent = open.at(-1)?.list.lastElementChild;
      if (parent) parent.append(list);
      else node.before(list);
      open.push({ level, list });
    }
    const item = page.createElement("li");
    const line = page.createElement("p");
    line.append(...node.childNodes);
    item.append(line);
    open.at(-1)!.list.append(item);
    node.remove();
    last = open[0]!.list;
  }
}
