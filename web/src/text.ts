/** Between the editor's document and the plain text that is checked: one line for each paragraph, joined by "\n". */
import { Fragment, type Node, type Schema, Slice } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";

interface Line {
  /** Where the line starts in the text, in UTF-16 units. */
  start: number;
  length: number;
  /** The position in the document before the line's first character. */
  pos: number;
}

export interface TextMap {
  text: string;
  /** The document's position for an offset (UTF-16 units) into the text. */
  position(offset: number): number;
}

/** The text of a document, and the way back. Every character of a line is one position, so the way back is exact. */
export function textOf(doc: Node): TextMap {
  const lines: Line[] = [];
  const parts: string[] = [];
  let start = 0;
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    const line = node.textBetween(0, node.content.size, "\n", "\n");
    lines.push({ start, length: line.length, pos: pos + 1 });
    parts.push(line);
    start += line.length + 1;
    return false;
  });
  return {
    text: parts.join("\n"),
    position(offset) {
      let low = 0;
      let high = lines.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (lines[middle]!.start <= offset) low = middle;
        else high = middle - 1;
      }
      const line = lines[low];
      return line ? line.pos + Math.min(offset - line.start, line.length) : 0;
    },
  };
}

/** A text as paragraphs, an empty line as an empty paragraph. */
export function paragraphs(schema: Schema, text: string): Node[] {
  return text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .map((line) => schema.nodes.paragraph!.create(null, line ? schema.text(line) : null));
}

/** A text as a slice that joins the lines around it. */
export function sliceOf(schema: Schema, text: string): Slice {
  return new Slice(Fragment.from(paragraphs(schema, text)), 1, 1);
}

/** Puts a text in the place of a range. Marks outside the range stay; the new words take those of the first one replaced. */
export function replaceText(tr: Transaction, from: number, to: number, text: string): Transaction {
  if (!text) return tr.delete(from, to);
  if (text.includes("\n")) return tr.replace(from, to, sliceOf(tr.doc.type.schema, text));
  return tr.insertText(text, from, to);
}

/** The text as people write it by hand: list items with a bullet or a number before them. */
export function handwritten(doc: Node): string {
  const lines: string[] = [];
  const walk = (node: Node, indent: string, bullet: string): void => {
    if (node.isTextblock) {
      const line = node.textBetween(0, node.content.size, "\n", "\n");
      lines.push(indent + bullet + line.replaceAll("\n", `\n${indent}${" ".repeat(bullet.length)}`));
      return;
    }
    node.forEach((child, _offset, index) => {
      if (child.type.name === "listItem") {
        const number = node.type.name === "orderedList" ? `${(node.attrs.start ?? 1) + index}. ` : "- ";
        child.forEach((part, _at, nth) => {
          if (part.isTextblock) walk(part, indent, nth ? " ".repeat(number.length) : number);
          else walk(part, indent + " ".repeat(number.length), "");
        });
      } else walk(child, node.type.name === "blockquote" ? `${indent}> ` : indent, "");
    });
  };
  walk(doc, "", "");
  return lines.join("\n");
}
