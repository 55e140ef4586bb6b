// Writes a rule of the firewall facet as a row of `ufw status`, for tests that hold facts against ufw's own words.
import type { UfwRule } from '../proto/facets/firewall.ts'

export type StatusStyle = 'numbered' | 'verbose'

/** The row without its number and without padding: `22/tcp | ALLOW IN | 10.0.2.2 | # comment`. */
export function statusRow(rule: UfwRule, style: StatusStyle): string {
  const direction = { in: 'IN', out: 'OUT', routed: 'FWD' }[rule.direction]
  const outward =
    rule.direction === 'out' || (rule.direction === 'routed' && rule.interfaceIn === '' && rule.interfaceOut !== '')
  const marks = [rule.log, style === 'numbered' && outward ? 'out' : ''].filter(mark => mark !== '')
  const tail = [marks.length > 0 ? `(${marks.join(', ')})` : '', rule.comment === '' ? '' : `# ${rule.comment}`]
  return [side(rule, 'to', style), `${rule.action.toUpperCase()} ${direction}`, side(rule, 'from', style), ...tail]
    .filter(part => part !== '')
    .join(' | ')
}

/** The same form of a printed row. */
export function printedRow(line: string): string {
  const [, row = ''] = /^(?:\[ *\d+\] )?(.*)$/.exec(line) ?? []
  const [, to = '', action = '', rest = ''] =
    /^(.*?)\s+((?:ALLOW|DENY|REJECT|LIMIT) (?:IN|OUT|FWD))\s+(.*)$/.exec(row) ?? []
  const [, from = '', marks = '', comment = ''] =
    /^(.*?)\s*(\((?:log|log-all|out|, )+\))?\s*(# .*)?$/.exec(rest.trimEnd()) ?? []
  return [to, action, from, marks, comment].filter(part => part !== '').join(' | ')
}

/** Rules as the numbered list has them: those of one application profile are one row. */
export function numberedRules(rules: readonly UfwRule[]): readonly UfwRule[] {
  const seen = new Set<string>()
  return rules.filter(rule => {
    if (rule.toApp === '' && rule.fromApp === '') return true
    const ports = [rule.toApp === '' ? rule.toPort : '', rule.fromApp === '' ? rule.fromPort : '']
    const devices =
      rule.interfaceIn + rule.interfaceOut === '' ? rule.direction === 'out' : [rule.interfaceIn, rule.interfaceOut]
    const key = JSON.stringify([rule.family, rule.to, rule.toApp, rule.from, rule.fromApp, ports, devices])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** The command that adds the rule, as `ufw show added` prints it. */
export function addCommand(rule: UfwRule): string {
  const { action, direction, protocol, log, comment, interfaceIn, interfaceOut } = rule
  const protocolWords = protocol === 'any' || rule.toApp + rule.fromApp !== '' ? '' : ` proto ${protocol}`
  const devices = [interfaceIn && `in on ${interfaceIn}`, interfaceOut && `out on ${interfaceOut}`]
  const isShort =
    rule.from === 'any' &&
    rule.to === 'any' &&
    rule.fromPort === 'any' &&
    rule.fromApp + interfaceIn + interfaceOut === ''
  const ends = (['from', 'to'] as const).map(which => addressWords(rule, which)).filter(text => text !== '')
  const shortPort = `${rule.toPort}${protocol === 'any' ? '' : `/${protocol}`}`
  const parts = [
    ...['ufw', direction === 'routed' ? 'route' : '', action],
    ...(isShort || devices.every(text => text === '') ? [direction === 'out' ? 'out' : ''] : devices),
    log,
    ...(isShort && rule.toPort + rule.toApp !== 'any'
      ? [rule.toApp === '' ? shortPort : quoted(rule.toApp)]
      : [...(ends.length > 0 || interfaceIn + interfaceOut !== '' ? ends : ['to any']), protocolWords.trim()]),
    comment === '' ? '' : `comment '${comment}'`,
  ]
  return parts.filter(part => part !== '').join(' ')
}

const quoted = (app: string) => (app.includes(' ') ? `'${app}'` : app)

function addressWords(rule: UfwRule, which: 'from' | 'to'): string {
  const [address, port, app] = [rule[which], rule[`${which}Port`], rule[`${which}App`]]
  if (address === 'any' && port === 'any' && app === '') return ''
  const service = app === '' ? (port === 'any' ? '' : ` port ${port}`) : ` app ${quoted(app)}`
  return `${which} ${address}${service}`
}

function side(rule: UfwRule, which: 'to' | 'from', style: StatusStyle): string {
  const address = rule[which] === 'any' ? '' : rule[which]
  const port = which === 'to' ? rule.toPort : rule.fromPort
  const app = which === 'to' ? rule.toApp : rule.fromApp
  const v6 = rule.family === 'ipv6' ? ' (v6)' : ''
  const protocol =
    rule.protocol === 'any' || (style === 'numbered' && rule.toApp + rule.fromApp !== '') ? '' : `/${rule.protocol}`
  const place = device(rule, which)
  if (style === 'numbered' && app !== '') {
    const mark = address === '' ? v6 : ''
    return [address, `${app}${mark}${protocol}`].filter(part => part !== '').join(' ') + place
  }
  if (port === 'any') {
    const bare = rule.toPort === 'any' && rule.fromPort === 'any'
    if (address !== '') return `${address}${bare ? protocol : ''}${place}`
    return `Anywhere${bare && rule.to === rule.from ? protocol : ''}${v6}${place}`
  }
  const named = style === 'verbose' && app !== '' ? ` (${app}${address === '' ? v6 : ''})` : ''
  const text = [address, `${port}${protocol}${named}`].filter(part => part !== '').join(' ')
  const mark = rule.to === 'any' && rule.from === 'any' && !text.includes(' (v6)') ? v6 : ''
  return `${text}${mark}${place}`
}

/** For routed traffic the way through the host counts, else the host is one end. */
function device(rule: UfwRule, which: 'to' | 'from'): string {
  const inside = rule.direction === 'routed' ? 'from' : 'to'
  const name = which === inside ? rule.interfaceIn : rule.interfaceOut
  return name === '' ? '' : ` on ${name}`
}
