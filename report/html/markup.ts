// Writes HTML in which every text is escaped, unless it is HTML that was written here.
import { markup } from '../escape.ts'

export interface Html {
  readonly html: string
}

type Part = string | number | Html | readonly Part[]

/** `` html`<p>${text}</p>` ``: texts are escaped, HTML and lists of it are put in as they are. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {
    html: strings.map((text, index) => text + (index < parts.length ? render(parts[index] ?? '') : '')).join(''),
  }
}

function render(part: Part): string {
  if (typeof part === 'string') return markup(part)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(render).join('')
}

export const nothing: Html = { html: '' }

/** HTML that is made only when there is something to show. */
export const when = (condition: unknown, make: () => Html): Html => (condition ? make() : nothing)
