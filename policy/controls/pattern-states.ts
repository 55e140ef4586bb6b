// The machine that regular expressions become: states, matched without going back.

export type Test = (char: string) => boolean

export type Tree =
  | { readonly kind: 'char'; readonly test: Test }
  | { readonly kind: 'start' | 'end' | 'boundary' }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Tree[] }
  | { readonly kind: 'group'; readonly number: number; readonly part: Tree }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly min: number; readonly max: number }

export interface State {
  readonly test?: Test
  readonly at?: 'start' | 'end' | 'boundary'
  /** number of the group that ends here, negative where it begins */
  readonly group?: number
  next: number[]
}

export interface Place {
  readonly start: number
  readonly end: number
}

/** An expression that is none, or uses what is not supported here. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

const maxStates = 20_000
const maxSteps = 2_000_000

export function add(states: State[], state: State): number {
  if (states.length >= maxStates) throw new PatternError('is too large')
  return states.push(state) - 1
}

/** @returns the state from which a tree leads on to another */
export function build(tree: Tree, to: number, states: State[]): number {
  switch (tree.kind) {
    case 'char':
      return add(states, { test: tree.test, next: [to] })
    case 'start':
    case 'end':
    case 'boundary':
      return add(states, { at: tree.kind, next: [to] })
    case 'all':
      return tree.parts.reduceRight((next, part) => build(part, next, states), to)
    case 'any':
      return add(states, { next: tree.parts.map(part => build(part, to, states)) })
    case 'group': {
      const close = add(states, { group: tree.number, next: [to] })
      return add(states, { group: -tree.number, next: [build(tree.part, close, states)] })
    }
    case 'repeat':
      return buildRepeat(tree, to, states)
  }
}

function buildRepeat(tree: Extract<Tree, { kind: 'repeat' }>, to: number, states: State[]): number {
  let next = to
  if (tree.max === Number.POSITIVE_INFINITY) {
    const loop: State = { next: [to] }
    next = add(states, loop)
    // What repeats goes first: as often as it can.
    loop.next.unshift(build(tree.part, next, states))
  } else {
    for (let count = tree.min; count < tree.max; count++) {
      const inner = build(tree.part, next, states)
      next = add(states, { next: [inner, to] })
    }
  }
  for (let count = 0; count < tree.min; count++) next = build(tree.part, next, states)
  return next
}

/** @returns where the longest match ends, for `anywhere` where any ends; -1 for none */
export function run(
  states: readonly State[],
  start: number,
  accept: number,
  text: string,
  from: number,
  anywhere: boolean,
) {
  let current = new Set<number>()
  let end = -1
  enter(states, current, start, text, from)
  for (let at = from; ; at++) {
    if (current.has(accept)) {
      end = at
      if (anywhere) return end
    }
    const char = text[at]
    if (char === undefined || (current.size === 0 && !anywhere)) return end
    const following = new Set<number>()
    for (const index of current) {
      const state = states[index]
      if (state?.test?.(char)) for (const next of state.next) enter(states, following, next, text, at + 1)
    }
    if (anywhere) enter(states, following, start, text, at + 1)
    current = following
  }
}

/** Adds a state and all that it leads to without a character. */
function enter(states: readonly State[], into: Set<number>, first: number, text: string, at: number): void {
  const open = [first]
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const state = states[index]
    if (!state || into.has(index)) continue
    if (state.at && !holds(state.at, text, at)) continue
    into.add(index)
    if (!state.test) open.push(...state.next)
  }
}

const isWord = (char: string | undefined) => char !== undefined && /[A-Za-z0-9_]/.test(char)

function holds(what: NonNullable<State['at']>, text: string, at: number): boolean {
  if (what === 'start') return at === 0
  if (what === 'end') return at === text.length
  return isWord(text[at - 1]) !== isWord(text[at])
}

interface Step {
  readonly state: number
  readonly at: number
  readonly marks: Mark | undefined
}

/** Where groups began and ended on the way to a state, the latest first. */
interface Mark {
  readonly group: number
  readonly at: number
  readonly before: Mark | undefined
}

/** What the groups took on the first way through a match, each repetition as long as it can be. */
export function groupsOf(
  states: readonly State[],
  start: number,
  accept: number,
  text: string,
  match: Place,
): readonly string[] {
  const width = match.end - match.start + 1
  const seen = new Set<number>()
  const open: Step[] = [{ state: start, at: match.start, marks: undefined }]
  for (let step = open.pop(); step; step = open.pop()) {
    const { state: index, at, marks } = step
    if (index === accept && at === match.end) return textsOf(marks, text)
    const state = states[index]
    const key = index * width + at - match.start
    if (!state || seen.has(key)) continue
    seen.add(key)
    if (seen.size > maxSteps) throw new PatternError('is held against a line that is too long')
    if (state.at && !holds(state.at, text, at)) continue
    if (state.test && (at >= match.end || !state.test(text[at] ?? ''))) continue
    const following = state.group === undefined ? marks : { group: state.group, at, before: marks }
    const next = state.test ? at + 1 : at
    for (const to of state.next.toReversed()) open.push({ state: to, at: next, marks: following })
  }
  throw new PatternError('does not match')
}

function textsOf(last: Mark | undefined, text: string): readonly string[] {
  const texts: string[] = []
  const ends = new Map<number, number>()
  for (let mark = last; mark; mark = mark.before) {
    if (mark.group > 0) ends.set(mark.group, mark.at)
    else texts[-mark.group - 1] = text.slice(mark.at, ends.get(-mark.group))
  }
  return texts
}
