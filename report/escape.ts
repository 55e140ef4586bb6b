// Makes text safe for each form that a report may take; what no form can show becomes visible.
import { visible } from './visible.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for an element or a quoted attribute of HTML or XML: control characters, lone surrogates and noncharacters show. */
export function markup(text: string): string {
  return shown(text).replace(/[&<>"']/g, char => entities[char] ?? char)
}

/** Control characters, lone surrogates and what XML forbids, written as `\u{hex}`. */
export function shown(text: string): string {
  return visible(text).replace(
    /[\ud800-\udfff\ufffe\uffff]/gu,
    char => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

/** Text of several lines: line breaks stay. */
export const shownLines = (text: string) => text.split('\n').map(shown).join('\n')
