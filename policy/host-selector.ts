// Which hosts a rule or a waiver is meant for: by id, name and labels.

export type Labels = Readonly<Record<string, string>>

/** Who a host is, as far as selectors ask. */
export interface HostIdentity {
  /** id at the collector; empty where a host judges itself */
  readonly id: string
  readonly hostname: string
  readonly labels: Labels
}

export const labelOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const

export interface LabelExpression {
  readonly key: string
  readonly operator: (typeof labelOperators)[number]
  /** of In and NotIn */
  readonly values: readonly string[]
}

/** Labels as Kubernetes selects by them: everything that is named must hold. */
export interface LabelSelector {
  readonly matchLabels: Labels
  readonly matchExpressions: readonly LabelExpression[]
}

/** Everything that is named must hold; of ids and of names one. Empty lists ask nothing. */
export interface HostSelector extends LabelSelector {
  readonly ids: readonly string[]
  /** globs: `*` is any text, `?` any one character */
  readonly hostnames: readonly string[]
}

export const everyHost: HostSelector = { ids: [], hostnames: [], matchLabels: {}, matchExpressions: [] }

export function selectsLabels({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  const labelOf = (key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined)
  return (
    Object.entries(matchLabels).every(([key, value]) => labelOf(key) === value) &&
    matchExpressions.every(expression => holds(expression, labelOf(expression.key)))
  )
}

/** @source NotIn holds for a host without the label, as in Kubernetes */
function holds({ operator, values }: LabelExpression, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
  }
}

/** Names compare without regard to case, as DNS does. */
export function selectsHost(selector: HostSelector, { id, hostname, labels }: HostIdentity): boolean {
  const { ids, hostnames } = selector
  if (ids.length > 0 && !ids.includes(id)) return false
  const named = hostnames.some(glob => matchesGlob(glob.toLowerCase(), hostname.toLowerCase()))
  return (hostnames.length === 0 || named) && selectsLabels(selector, labels)
}

export const isGlob = (text: string): boolean => /[*?]/.test(text)

/** Whether the whole text fits: `*` is any text, `?` one character. Takes time in proportion to both, at the worst. */
export function matchesGlob(glob: string, text: string): boolean {
  let at = 0
  let inGlob = 0
  let star = -1
  let afterStar = 0
  while (at < text.length) {
    const wanted = glob[inGlob]
    if (wanted === '*') {
      star = inGlob++
      afterStar = at
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[at])) {
      inGlob++
      at++
    } else if (star >= 0) {
      inGlob = star + 1
      at = ++afterStar
    } else return false
  }
  while (glob[inGlob] === '*') inGlob++
  return inGlob === glob.length
}
