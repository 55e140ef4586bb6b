// Evaluates the JSONPath templates of kubectl, as far as controls files use them.

/** A template that is none, or uses what is not supported here. */
export class PathError extends Error {
  override readonly name = 'PathError'
}

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'each' }
  | { readonly kind: 'anywhere'; readonly name: string }

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly steps: readonly Step[]; readonly fromRoot: boolean }
  | { readonly kind: 'range'; readonly steps: readonly Step[]; readonly body: readonly Piece[] }

const maxValues = 10_000
const maxDepth = 100

/** How values that are no texts are printed. */
export interface Printing {
  readonly number: (value: number) => string
  /** what stands for null, empty where it counts as not there */
  readonly empty: string
}

const plainly: Printing = { number: String, empty: '' }

/** What a template comes to; keys that are not there come to nothing. @throws PathError */
export function evaluatePath(template: string, value: unknown, printing: Printing = plainly): string {
  const actions = actionsOf(template)
  const pieces = piecesOf(actions, false)
  if (actions.length > 0) throw new PathError('has {end} without {range}')
  return render(pieces, value, value, printing)
}

/** Texts and the insides of braces, in order. */
function actionsOf(template: string): { readonly text: string; readonly inside: boolean }[] {
  const actions: { text: string; inside: boolean }[] = []
  let at = 0
  while (at < template.length) {
    const open = template.indexOf('{', at)
    if (open !== at) actions.push({ text: template.slice(at, open < 0 ? undefined : open), inside: false })
    if (open < 0) break
    const close = closingBrace(template, open)
    if (close < 0) throw new PathError('has a { that is not closed')
    actions.push({ text: template.slice(open + 1, close).trim(), inside: true })
    at = close + 1
  }
  return actions
}

function closingBrace(template: string, open: number): number {
  let quote = ''
  for (let at = open + 1; at < template.length; at++) {
    const char = template[at] ?? ''
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === "'" || char === '"') quote = char
    else if (char === '}') return at
  }
  return -1
}

/** Takes actions from the front; in a range up to its end. */
function piecesOf(actions: { readonly text: string; readonly inside: boolean }[], inRange: boolean): readonly Piece[] {
  const pieces: Piece[] = []
  for (let action = actions.shift(); action; action = actions.shift()) {
    const { text, inside } = action
    if (!inside) pieces.push({ kind: 'text', text })
    else if (text === 'end') {
      if (inRange) return pieces
      throw new PathError('has {end} without {range}')
    } else if (/^range\s/.test(text)) {
      pieces.push({ kind: 'range', steps: stepsOf(text.slice(6).trim()), body: piecesOf(actions, true) })
    } else if (/^(['"]).*\1$/s.test(text)) pieces.push({ kind: 'text', text: unescaped(text.slice(1, -1)) })
    else pieces.push({ kind: 'path', steps: stepsOf(text), fromRoot: text.startsWith('$') })
  }
  if (inRange) throw new PathError('has {range} without {end}')
  return pieces
}

const unescaped = (text: string) =>
  text.replace(/\\(.)/gs, (_, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char)

function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = []
  let rest = path.replace(/^[$@]/, '')
  while (rest !== '') {
    const [step, length] = stepAt(rest)
    if (step) steps.push(step)
    rest = rest.slice(length)
  }
  return steps
}

function stepAt(rest: string): readonly [Step | undefined, number] {
  if (rest === '.') return [undefined, 1]
  const anywhere = /^\.\.([A-Za-z_][\w-]*|\*)/.exec(rest)
  if (anywhere) return [{ kind: 'anywhere', name: anywhere[1] ?? '' }, anywhere[0].length]
  const field = /^\.?((?:[^.[\]{}()'"\s\\*@$?|,]|\\.)+)/.exec(rest)
  if (field) return [{ kind: 'field', name: (field[1] ?? '').replace(/\\(.)/g, '$1') }, field[0].length]
  const each = /^(?:\.\*|\[\*\])/.exec(rest)
  if (each) return [{ kind: 'each' }, each[0].length]
  const quoted = /^\.?\['((?:[^'\\]|\\.)*)'\]/.exec(rest) ?? /^\.?\["((?:[^"\\]|\\.)*)"\]/.exec(rest)
  if (quoted) return [{ kind: 'field', name: (quoted[1] ?? '').replace(/\\(.)/g, '$1') }, quoted[0].length]
  const index = /^\[(-?\d{1,9})\]/.exec(rest)
  if (index) return [{ kind: 'index', index: Number(index[1]) }, index[0].length]
  const slice = /^\[(-?\d{0,9}):(-?\d{0,9})\]/.exec(rest)
  if (slice) return [{ kind: 'slice', from: numberOf(slice[1]), to: numberOf(slice[2]) }, slice[0].length]
  throw new PathError(`has ${rest.slice(0, 20)}, which is not supported`)
}

const numberOf = (text: string | undefined) => (text === undefined || text === '' ? undefined : Number(text))

function render(pieces: readonly Piece[], root: unknown, current: unknown, printing: Printing): string {
  const parts: string[] = []
  for (const piece of pieces) {
    if (piece.kind === 'text') parts.push(piece.text)
    else if (piece.kind === 'range') {
      for (const value of follow(piece.steps, current)) parts.push(render(piece.body, root, value, printing))
    } else {
      const values = follow(piece.steps, piece.fromRoot ? root : current)
      parts.push(values.map(value => printed(value, printing)).join(' '))
    }
  }
  return parts.join('')
}

function printed(value: unknown, { number, empty }: Printing): string {
  if (value === null || value === undefined) return empty
  if (typeof value === 'number') return number(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function follow(steps: readonly Step[], start: unknown): readonly unknown[] {
  let values: readonly unknown[] = [start]
  for (const step of steps) {
    values = values.flatMap(value => take(step, value, 0))
    if (values.length > maxValues) throw new PathError('comes to too many values')
  }
  return values
}

function take(step: Step, value: unknown, depth: number): readonly unknown[] {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return []
  const list = Array.isArray(value) ? (value as readonly unknown[]) : undefined
  switch (step.kind) {
    case 'field':
      return !list && Object.hasOwn(value, step.name) ? [(value as Readonly<Record<string, unknown>>)[step.name]] : []
    case 'each':
      return list ?? Object.values(value)
    case 'index':
      return list && list.at(step.index) !== undefined ? [list.at(step.index)] : []
    case 'slice':
      return list?.slice(step.from, step.to) ?? []
    case 'anywhere': {
      const here = step.name === '*' ? Object.values(value) : take({ kind: 'field', name: step.name }, value, depth)
      return [...here, ...Object.values(value).flatMap(inner => take(step, inner, depth + 1))]
    }
  }
}
