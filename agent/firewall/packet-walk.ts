// Follows one packet through every base chain on its way, both ways where its fate is open.
import { contains, parseAddressRange } from '../parse/address-range.ts'
import type { FirewallChain } from '../parse/firewall-chain.ts'
import type { PacketStep } from '../parse/packet-step.ts'
import { isPerWorkload } from './chain-owner.ts'
import type { HostNetwork } from './host-network.ts'
import { type Assumption, ask, banned, type PacketState } from './packet-condition.ts'
import { stepText } from './step-text.ts'

export interface End {
  readonly verdict: 'accepted' | 'dropped' | 'unknown'
  readonly decidedBy: string
  readonly assumed: readonly Assumption[]
  readonly translated: boolean
}

export interface Walk {
  /** in the order of the rules */
  readonly ends: readonly End[]
  /** first rule whose tests are not read where both ways were followed; empty when there is none */
  readonly unread: string
}

export interface Packet extends Pick<PacketState, 'family' | 'protocol' | 'port' | 'address' | 'local'> {}

interface Frame {
  readonly chain: FirewallChain
  readonly at: number
  readonly caller: Frame | undefined
  readonly depth: number
}

interface Branch {
  readonly state: PacketState
  /** base chains still to come at this hook */
  readonly bases: readonly FirewallChain[]
  readonly frame: Frame | undefined
  /** what accepted it so far */
  readonly accepted: string
}

const maxSteps = 20_000
const maxBranches = 300
const maxDepth = 64
/** chains that a program fills with addresses for a while */
const ofBans = /^(?:f2b-|fail2ban-|crowdsec|sshguard)/

const tooLong: Walk = {
  ends: [{ verdict: 'unknown', decidedBy: 'more rules than are followed', assumed: [], translated: false }],
  unread: '',
}

/** What is found out on the way. */
interface Running {
  readonly chains: readonly FirewallChain[]
  readonly byName: ReadonlyMap<string, FirewallChain>
  readonly network: HostNetwork
  readonly ends: End[]
  /** ways still to be followed */
  readonly open: Branch[]
  branches: number
  unread: string
}

export function walkPacket(chains: readonly FirewallChain[], packet: Packet, network: HostNetwork): Walk {
  const byName = new Map(chains.map(chain => [keyOf(chain, chain.chain), chain]))
  const run: Running = { chains, byName, network, ends: [], open: [], branches: 1, unread: '' }
  const state: PacketState = {
    ...packet,
    hook: 'prerouting',
    interfaceOut: undefined,
    translated: false,
    untracked: false,
    mark: marksMayCross(chains) ? undefined : 0,
    assumed: [],
  }
  let branch: Branch | undefined = { state, bases: basesAt(chains, state), frame: undefined, accepted: '' }
  for (let steps = 0; branch; steps++) {
    if (steps > maxSteps || run.branches > maxBranches) return tooLong
    branch = advance(run, branch) ?? run.open.pop()
  }
  return { ends: run.ends, unread: run.unread }
}

/**
 * Chains of several tables at one hook and priority run in the order of their registration, which no view tells. Where
 * rules set marks then, nobody can say which mark a packet has.
 */
function marksMayCross(chains: readonly FirewallChain[]): boolean {
  if (!chains.some(({ steps }) => steps.some(({ verdict }) => verdict.kind === 'mark'))) return false
  const bases = chains.filter(({ hook }) => hook !== '')
  return bases.some(one =>
    bases.some(
      other =>
        one.hook === other.hook &&
        one.priority === other.priority &&
        (one.table !== other.table || one.family !== other.family) &&
        !(one.family !== other.family && one.family !== 'inet' && other.family !== 'inet'),
    ),
  )
}

function advance(run: Running, branch: Branch): Branch | undefined {
  const { frame } = branch
  if (!frame) return nextBase(run, branch)
  const step = frame.chain.steps[frame.at]
  if (!step) return leave(run, branch, frame)
  const after = { ...branch, frame: { ...frame, at: frame.at + 1 } }
  if (step.verdict.kind === 'none') return after
  const state = matched(run, step, frame, after)
  return state && apply(run, step, frame, { ...after, state })
}

/** The packet as it is when all tests hold; ways on which one does not are kept for later. */
function matched(run: Running, step: PacketStep, frame: Frame, after: Branch): PacketState | undefined {
  let { state } = after
  for (const match of step.matches) {
    const answer = ask(match, state, run.network.addresses)
    if (answer === 'yes') continue
    if (answer === 'no') {
      keep(run, { ...after, state })
      run.branches -= 1
      return undefined
    }
    if (answer === 'unread') {
      run.unread ||= `${placeOf(frame)}: a test that is not read`
      keep(run, { ...after, state })
      continue
    }
    const { condition, negated } = answer
    keep(run, { ...after, state: assuming(state, condition, negated) })
    state = assuming(state, condition, !negated)
  }
  return state
}

function keep(run: Running, branch: Branch): void {
  run.branches += 1
  run.open.push(branch)
}

function apply(run: Running, step: PacketStep, frame: Frame, branch: Branch): Branch | undefined {
  const { verdict } = step
  const { state } = branch
  switch (verdict.kind) {
    case 'accept':
      return {
        ...branch,
        frame: undefined,
        bases: branch.bases.slice(1),
        accepted: acceptedBy(branch, textOf(step, frame, state)),
      }
    case 'drop':
    case 'reject':
      return end(run, 'dropped', textOf(step, frame, state), state)
    case 'return':
      return leave(run, branch, frame)
    case 'jump':
    case 'goto':
      return enter(run, verdict.chain, verdict.kind === 'goto', frame, branch)
    case 'mark': {
      const mark = state.mark === undefined || verdict.mask === -1 ? undefined : state.mark & ~verdict.mask
      return { ...branch, state: { ...state, mark: mark === undefined ? mark : (mark ^ verdict.value) >>> 0 } }
    }
    case 'untrack':
      return { ...branch, state: { ...state, untracked: true } }
    case 'translate':
      return translate(run, verdict, frame, branch)
    case 'none':
      return branch
    case 'opaque':
      end(run, 'unknown', `${placeOf(frame)}: a target that is not read`, state)
      return branch
  }
}

function enter(run: Running, name: string, goto: boolean, frame: Frame, branch: Branch): Branch | undefined {
  const chain = run.byName.get(keyOf(frame.chain, name))
  if (!chain || frame.depth >= maxDepth)
    return end(run, 'unknown', `${placeOf(frame)}: a jump that is not followed`, branch.state)
  if (ofBans.test(name)) {
    end(run, 'dropped', `${placeOf(frame)}: ${name}`, assuming(branch.state, banned, true))
    return { ...branch, state: assuming(branch.state, banned, false) }
  }
  const caller = goto ? frame.caller : branch.frame
  return { ...branch, frame: { chain, at: 0, caller, depth: frame.depth + 1 } }
}

/** The end of a chain leads back to its caller, that of a base chain to its policy. */
function leave(run: Running, branch: Branch, frame: Frame): Branch | undefined {
  if (frame.caller) return { ...branch, frame: frame.caller }
  const base = branch.bases[0]
  const text = `${base ? nameOf(base) : ''}: policy ${base?.policy}`
  if (base?.policy === 'drop') return end(run, 'dropped', text, branch.state)
  return { ...branch, frame: undefined, bases: branch.bases.slice(1), accepted: branch.accepted || text }
}

function end(
  run: Running,
  verdict: End['verdict'],
  decidedBy: string,
  { assumed, translated }: PacketState,
): undefined {
  run.ends.push({ verdict, decidedBy, assumed, translated })
}

function translate(
  run: Running,
  { address, port }: Extract<PacketStep['verdict'], { kind: 'translate' }>,
  frame: Frame,
  branch: Branch,
): Branch | undefined {
  const { state } = branch
  const target = address === undefined ? undefined : address === '' ? state.address : parseAddressRange(address)
  const own = run.network.addresses
  const local = address === '' || (target && own ? own.some(one => contains(one, target)) : undefined)
  const translated = { ...state, translated: true }
  if (address === undefined || port < 0 || local === undefined) {
    return end(run, 'unknown', `${placeOf(frame)}: a translation that is not followed`, translated)
  }
  const interfaceOut = target && !local ? run.network.interfaceTo(target) : undefined
  const moved = { ...translated, address: target, local, port: port || state.port, interfaceOut }
  const bases = branch.bases.slice(1).filter(({ type }) => type !== 'nat')
  return { ...branch, state: moved, frame: undefined, bases }
}

function nextBase(run: Running, branch: Branch): Branch | undefined {
  const [base] = branch.bases
  if (!base) return nextHook(run, branch)
  if (!base.certain) {
    run.unread ||= `${nameOf(base)}: a table that may be switched off`
    keep(run, { ...branch, bases: branch.bases.slice(1) })
  }
  return { ...branch, frame: { chain: base, at: 0, caller: undefined, depth: 0 } }
}

function nextHook(run: Running, branch: Branch): Branch | undefined {
  const hook = followingHook(branch.state)
  if (!hook) return end(run, 'accepted', branch.accepted || 'no chain filters it', branch.state)
  const state = { ...branch.state, hook }
  return { ...branch, state, bases: basesAt(run.chains, state) }
}

/** What lets it in is told by a rule where it comes in or is forwarded, before any policy. */
function acceptedBy({ state, accepted }: Branch, text: string): string {
  return state.hook === 'input' || state.hook === 'forward' ? text : accepted
}

function followingHook({ hook, local }: PacketState): PacketState['hook'] | undefined {
  if (hook === 'prerouting') return local === false ? 'forward' : 'input'
  return hook === 'forward' ? 'postrouting' : undefined
}

function basesAt(chains: readonly FirewallChain[], { family, hook, untracked }: PacketState): readonly FirewallChain[] {
  const families = ['inet', family === 'ipv4' ? 'ip' : 'ip6']
  return chains
    .filter(chain => families.includes(chain.family) && chain.hook === hook)
    .filter(({ type }) => type !== 'nat' || (hook === 'prerouting' && !untracked))
    .sort((a, b) => a.priority - b.priority)
}

const keyOf = ({ family, table }: FirewallChain, name: string) => `${family}\n${table}\n${name}`

function assuming(state: PacketState, condition: Assumption['condition'], holds: boolean): PacketState {
  return { ...state, assumed: [...state.assumed, { condition, holds }] }
}

const nameOf = ({ family, table, chain }: FirewallChain) => `${family} ${table} ${chain}`

/** Chains that come and go with workloads are told by the lasting one that leads to them. */
function placeOf(frame: Frame): string {
  let at: Frame = frame
  while (at.caller && isPerWorkload(at.chain.chain)) at = at.caller
  return nameOf(at.chain)
}

function textOf(step: PacketStep, frame: Frame, state: PacketState): string {
  return `${placeOf(frame)}: ${stepText(step, state)}`
}
