// Text of sources as Markdown: escaped for paragraphs and tables.

/** The first line of every generated page. */
export const madeHeader = '<!-- Made by `npm run gen`. Do not edit. -->\n\n'

/** Text for a table cell or a paragraph. */
export function markdown(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

/** A table; cells are Markdown already. Nothing when it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)]
}

/** A block of code, fenced so that no line of it ends the block. */
export function codeBlock(language: string, text: string): readonly string[] {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)))
  return [`${fence}${language}`, text, fence]
}
