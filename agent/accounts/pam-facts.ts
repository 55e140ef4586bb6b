// What the stacks of PAM ask of passwords, of failures and of su: their modules joined with /etc/security.
import type { AccountsFacts } from '../../proto/facets/accounts.ts'
import type { Host } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { splitArgument, toldArguments } from '../parse/pam-arguments.ts'
import {
  historyShapes,
  lockoutShapes,
  type PamSettings,
  qualityShapes,
  type SettingShapes,
  settingsOfArguments,
} from '../parse/pam-settings.ts'
import { isBinding, type PamModule } from '../parse/pam-stack.ts'
import type { Gaps } from '../probe.ts'
import { type PamFault, type PamServices, type PamStack, pamStack, readPam } from './read-pam.ts'
import { readAccessRules, readCoreLimits, readPamSettings } from './read-pam-settings.ts'

type QualityRow = AccountsFacts['passwordQuality'][number]
type HistoryRow = AccountsFacts['passwordHistory'][number]
type LockoutRow = AccountsFacts['accountLockout'][number]
export type PamFacts = Pick<
  AccountsFacts,
  | 'pamInstalled'
  | 'pamModules'
  | 'passwordQuality'
  | 'passwordHistory'
  | 'accountLockout'
  | 'nullokServices'
  | 'su'
  | 'accessRules'
  | 'coreLimits'
>

/** Stacks that services share: Debian and openSUSE, Red Hat and Arch, Alpine. */
const sharedStacks = [
  ...['common-auth', 'common-account', 'common-password', 'common-session'],
  ...['system-auth', 'password-auth'],
  ...['base-auth', 'base-account', 'base-password', 'base-session'],
]
/** Services that are read where nothing is shared. */
const ownStacks = ['login', 'passwd', 'sshd', 'system-login', 'other']
const stackFields = ['pamModules', 'passwordQuality', 'passwordHistory', 'accountLockout'] as const

interface Stack extends PamStack {
  readonly service: string
}

export async function readPamFacts(host: Host, gaps: Gaps): Promise<PamFacts> {
  const services = await readPam(host)
  const there = (service: string) => services.files.has(service) || services.faults.has(service)
  const names = sharedStacks.some(there) ? sharedStacks.filter(there) : ownStacks.filter(there)
  const stacks = names.map(service => ({ service, ...pamStack(services, service) }))
  for (const { faults } of stacks) noteFaults(gaps, stackFields, 'incomplete', faults)
  noteFaults(gaps, ['nullokServices'], 'incomplete', [...services.faults.values()])
  const general = services.faults.get('')
  if (general) noteFaults(gaps, stackFields, 'incomplete', [general])
  if (services.installed === undefined) noteFaults(gaps, ['pamInstalled'], 'omitted', [...services.faults.values()])
  const su = suFacts(services, gaps)
  return {
    ...(services.installed !== undefined && { pamInstalled: services.installed }),
    pamModules: [...stacks, ...(there('su') ? [{ service: 'su', ...pamStack(services, 'su') }] : [])].flatMap(
      moduleRows,
    ),
    passwordQuality: await qualityRows(host, gaps, stacks),
    passwordHistory: await historyRows(host, gaps, stacks),
    accountLockout: await lockoutRows(host, gaps, stacks),
    nullokServices: nullokServices(services),
    ...(su && { su }),
    ...(await readAccessRules(host, gaps)),
    ...(await readCoreLimits(host, gaps)),
  }
}

function noteFaults(
  gaps: Gaps,
  fields: readonly string[],
  effect: 'omitted' | 'incomplete',
  faults: readonly PamFault[],
): void {
  for (const fault of faults) {
    for (const field of fields) {
      if (fault.state === 'malformed') noteMalformedLines(gaps, field, effect, fault.path, fault.lines)
      else gaps.add({ field, effect, source: fault.path, state: fault.state, detail: fault.detail })
    }
  }
}

function moduleRows({ service, modules }: Stack): AccountsFacts['pamModules'] {
  const counts = new Map<string, number>()
  return modules.map(({ type, control, module, args }) => {
    const position = (counts.get(type) ?? 0) + 1
    counts.set(type, position)
    return { service, type, position, module, control, arguments: [...toldArguments(module, args)] }
  })
}

/** Files with a line of pam_unix that takes empty passwords. */
function nullokServices(services: PamServices): string[] {
  const isNullok = ({ module, args }: PamModule) =>
    module === 'pam_unix' && (args.includes('nullok') || args.includes('nullok_secure'))
  const found = [...services.files].filter(([, { lines }]) => lines.some(one => one.kind === 'module' && isNullok(one)))
  return found.map(([name]) => name)
}

const lastOf = (modules: readonly PamModule[], type: PamModule['type'], names: readonly string[]) =>
  modules.findLast(one => one.type === type && names.includes(one.module))

const withType = (stacks: readonly Stack[], type: PamModule['type']) =>
  stacks.filter(({ modules }) => modules.some(one => one.type === type))

/** The file that an argument names with `conf=`, else the usual one. */
function configOf(module: PamModule | undefined, usual: string): string {
  const named = module?.args.map(splitArgument).findLast(([name]) => name === 'conf')?.[1]
  return named?.startsWith('/') ? named : usual
}

interface Effective {
  readonly name: string
  readonly shapes: SettingShapes
  readonly field: string
}

/** Of the file and the arguments of the module, which win; undefined when the file is a gap. */
async function effective(
  host: Host,
  gaps: Gaps,
  module: PamModule,
  wanted: Effective,
): Promise<PamSettings | undefined> {
  const file = await readPamSettings(host, gaps, { ...wanted, name: configOf(module, wanted.name) })
  return file && new Map([...file, ...settingsOfArguments(module.args, wanted.shapes)])
}

async function qualityRows(host: Host, gaps: Gaps, stacks: readonly Stack[]): Promise<QualityRow[]> {
  const rows: QualityRow[] = []
  for (const { service, modules } of withType(stacks, 'password')) {
    const module = lastOf(modules, 'password', ['pam_pwquality', 'pam_cracklib', 'pam_passwdqc'])
    const name = (module?.module ?? 'none') as QualityRow['module']
    const settings = await qualitySettings(host, gaps, module)
    rows.push({ service, module: name, binding: isBinding(module?.control ?? ''), ...(settings && { settings }) })
  }
  return rows
}

const qualityField = 'passwordQuality.settings'

async function qualitySettings(host: Host, gaps: Gaps, module?: PamModule): Promise<QualityRow['settings']> {
  if (!module)
    return describeQuality(
      new Map([
        ['minlen', 0],
        ['dictcheck', 0],
        ['enforcing', 0],
        ['difok', 0],
        ['retry', 0],
      ]),
    )
  if (module.module === 'pam_passwdqc') {
    const detail = 'pam_passwdqc weighs passwords in its own way'
    gaps.add({ field: qualityField, effect: 'omitted', source: 'pam_passwdqc', state: 'unavailable', detail })
    return undefined
  }
  if (module.module === 'pam_cracklib') {
    const given = settingsOfArguments(module.args, qualityShapes)
    const defaults: readonly (readonly [string, number])[] = [
      ['minlen', 9],
      ['difok', 5],
    ]
    const credits = ['dcredit', 'ucredit', 'lcredit', 'ocredit'].map(name => [name, 1] as const)
    return describeQuality(new Map([...defaults, ...credits, ...given]))
  }
  const values = await effective(host, gaps, module, {
    name: 'pwquality.conf',
    shapes: qualityShapes,
    field: qualityField,
  })
  return values && describeQuality(values)
}

/** Defaults are those of libpwquality. */
function describeQuality(values: PamSettings): NonNullable<QualityRow['settings']> {
  const number = (name: string, unset = 0) => values.get(name) ?? unset
  return {
    minLength: number('minlen', 8),
    minClasses: number('minclass'),
    digitCredit: number('dcredit'),
    upperCredit: number('ucredit'),
    lowerCredit: number('lcredit'),
    otherCredit: number('ocredit'),
    minDifferent: number('difok', 1),
    maxRepeat: number('maxrepeat'),
    maxSequence: number('maxsequence'),
    dictionary: number('dictcheck', 1) !== 0,
    enforcing: number('enforcing', 1) !== 0,
    enforceForRoot: number('enforce_for_root') !== 0,
    retries: number('retry', 1),
  }
}

async function historyRows(host: Host, gaps: Gaps, stacks: readonly Stack[]): Promise<HistoryRow[]> {
  const rows: HistoryRow[] = []
  const wanted = { name: 'pwhistory.conf', shapes: historyShapes, field: 'passwordHistory.settings' }
  for (const { service, modules } of withType(stacks, 'password')) {
    const module = lastOf(modules, 'password', ['pam_pwhistory'])
    const own = lastOf(modules, 'password', ['pam_unix'])
    const unix = settingsOfArguments(own?.args ?? [], historyShapes).get('remember') ?? 0
    const values = module && (await effective(host, gaps, module, wanted))
    const settings = module
      ? values && {
          remember: values.get('remember') ?? 10,
          enforceForRoot: values.get('enforce_for_root') === 1,
          useAuthtok: module.args.includes('use_authtok'),
        }
      : { remember: 0, enforceForRoot: false, useAuthtok: false }
    const name = module ? 'pam_pwhistory' : unix > 0 ? 'pam_unix' : 'none'
    const told = name === 'pam_unix' ? { remember: unix, enforceForRoot: false, useAuthtok: false } : settings
    rows.push({ service, module: name, binding: isBinding(module?.control ?? ''), ...(told && { settings: told }) })
  }
  return rows
}

async function lockoutRows(host: Host, gaps: Gaps, stacks: readonly Stack[]): Promise<LockoutRow[]> {
  const rows: LockoutRow[] = []
  const wanted = { name: 'faillock.conf', shapes: lockoutShapes, field: 'accountLockout.settings' }
  for (const { service, modules } of withType(stacks, 'auth')) {
    const lines = modules.filter(one => one.type === 'auth' && one.module === 'pam_faillock')
    const given = (name: string) => lines.some(({ args }) => args.includes(name))
    const counting = lines.findLast(({ args }) => args.includes('authfail')) ?? lines.at(-1)
    const values = counting && (await effective(host, gaps, counting, wanted))
    const settings = counting ? values && describeLockout(values) : noLockout
    rows.push({
      service,
      module: counting ? 'pam_faillock' : 'none',
      refuses: given('preauth') || given('authsucc'),
      counts: given('authfail'),
      ...(settings && { settings }),
    })
  }
  return rows
}

const noLockout = { deny: 0, intervalSeconds: 0, unlockSeconds: 0, root: false, rootUnlockSeconds: 0 }

/** Defaults are those of faillock.conf(5). */
function describeLockout(values: PamSettings): NonNullable<LockoutRow['settings']> {
  const unlockSeconds = values.get('unlock_time') ?? 600
  return {
    deny: values.get('deny') ?? 3,
    intervalSeconds: values.get('fail_interval') ?? 900,
    unlockSeconds,
    root: values.has('even_deny_root') || values.has('root_unlock_time'),
    rootUnlockSeconds: values.get('root_unlock_time') ?? unlockSeconds,
  }
}

function suFacts(services: PamServices, gaps: Gaps): AccountsFacts['su'] | undefined {
  const { modules, faults } = pamStack(services, 'su')
  if (faults.length > 0) {
    noteFaults(gaps, ['su'], 'omitted', faults)
    return undefined
  }
  const configured = services.files.has('su')
  const wheel = modules.find(one => {
    return one.type === 'auth' && one.module === 'pam_wheel' && isBinding(one.control) && !one.args.includes('deny')
  })
  const told = toldArguments('pam_wheel', wheel?.args ?? [])
  const group = told.map(splitArgument).findLast(([name]) => name === 'group')?.[1] ?? 'wheel'
  return {
    configured,
    restricted: wheel !== undefined,
    useUid: told.includes('use_uid'),
    group: wheel ? group : '',
  }
}
