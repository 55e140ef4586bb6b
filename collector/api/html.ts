// HTML from template literals: every value is escaped unless it was made by the same tag.
import { markup } from '../../report/escape.ts'

const safe = Symbol('safe')

export interface Html {
  readonly [safe]: string
}

type Value = string | number | Html | readonly Html[]

/** @example html`<td>${hostname}</td>` */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = parts[0] ?? ''
  values.forEach((value, index) => {
    text += render(value) + (parts[index + 1] ?? '')
  })
  return { [safe]: text }
}

export const htmlText = (value: Html): string => value[safe]

function render(value: Value): string {
  if (typeof value === 'object') return safe in value ? value[safe] : value.map(htmlText).join('')
  return markup(String(value))
}
