import type { Report } from "./report";

const root = document.documentElement.dataset.root ?? "";

/** What went wrong, in one sentence for the person at the page. */
export class Problem extends Error {}

async function ask<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`${root}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem("tonecheck does not answer. Is it still running?");
  }
  const content = await answer.text();
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch {
    throw new Problem(`tonecheck gave an answer that this page cannot read (status ${answer.status}).`);
  }
  if (!answer.ok) {
    const { title, detail } = data as { title?: string; detail?: string };
    throw new Problem(sentence(detail || title || `tonecheck refused (status ${answer.status})`));
  }
  return data as T;
}

function sentence(words: string): string {
  return /[.?!]$/.test(words) ? words : `${words}.`;
}

export type Profile = Record<string, string>;

/** Checks a draft. Throws `Problem`, or the abort's own error. */
export function check(text: string, profile: Profile, signal: AbortSignal): Promise<Report> {
  return ask<Report>("/v1/check", { ...profile, text, format: "text" }, signal);
}

export interface Template {
  id: string;
  title: string;
  purpose?: string;
  profile?: Profile;
  variables?: Record<string, { type?: string; meaning?: string; samples?: unknown[] }>;
}

export interface Rendered {
  text: string;
  html: string | null;
  subject: string | null;
}

/** The templates that the service has; none where it knows no templates. */
export async function templates(): Promise<Template[]> {
  try {
    const { templates: known } = await ask<{ templates?: Template[] }>("/v1/templates");
    return Array.isArray(known) ? known : [];
  } catch {
    return [];
  }
}

/** Fills a template. Throws `Problem`. */
export function render(id: string, values: Record<string, unknown>): Promise<Rendered> {
  return ask<Rendered>(`/v1/templates/${id.split("/").map(encodeURIComponent).join("/")}/render`, { values });
}
