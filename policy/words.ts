// How drift speaks of the rows of known lists; a list that is not here is told by its name and key.
import type { JsonObject, JsonValue } from '../proto/facet.ts'

export interface ListWords {
  /** what one row is called: `user alice`. Rows of a set are the items themselves */
  readonly subject: (row: Row) => string
  /** what happened to it when it came or went, `added` and `removed` when left out */
  readonly came?: (row: Row) => string
  readonly went?: (row: Row) => string
  /** whole sentences for fields of a row that changed; undefined for the usual words */
  readonly field?: (name: string, before: JsonValue | undefined, after: JsonValue | undefined) => string | undefined
  /** a row that went and one that came with the same values here are one row that changed */
  readonly identity?: readonly string[]
  /** a field that only counts rows: a row that moved is the same row */
  readonly position?: string
}

/** A row whose fields can be asked for by name; a field that is not there is empty text. */
export interface Row {
  readonly value: JsonValue
  text(field: string): string
  flag(field: string): boolean
  rows(field: string): readonly Row[]
  has(field: string): boolean
}

/** By facet property and dotted path of the list. */
export const words: Readonly<Record<string, ListWords>> = {
  'ports.listeners': {
    subject: row => `listener ${socket(row)}${by(row.rows('holders'))}`,
    came: () => 'opened',
    went: () => 'closed',
  },
  'ports.listeners.holders': { subject: row => `holder ${row.text('process')}${owner(row)}` },
  'accounts.users': { subject: row => `user ${row.text('name')}`, identity: ['name', 'uid'] },
  'accounts.users.authorizedKeys': { subject: row => `authorized keys of type ${row.text('type')}` },
  'accounts.groups': { subject: row => `group ${row.text('name')}`, identity: ['name'] },
  'accounts.groups.members': { subject: row => `member ${row.text('')}` },
  'accounts.groups.primaryMembers': { subject: row => `primary member ${row.text('')}` },
  'accounts.privilegedMembers': {
    subject: row => `member ${row.text('user')} (${row.text('via')}) of group ${row.text('group')}`,
  },
  'accounts.legacyEntries': { subject: row => `NIS entry ${row.text('entry')} in ${row.text('path')}` },
  'accounts.sudoRules': {
    subject: row => `sudo rule for ${row.text('who')}${row.flag('all') ? ' on all commands' : ''}${sudoTag(row)}`,
    position: 'position',
  },
  'kernelModules.modules': {
    subject: row => `module ${row.text('name')}`,
    came: row => (row.flag('loaded') ? 'loaded' : 'has a rule or a place on disk now'),
    went: row => (row.flag('loaded') ? 'unloaded' : 'has no rule and no place on disk any more'),
    field: (name, _, after) => (name === 'loaded' && after !== undefined ? (after ? 'loaded' : 'unloaded') : undefined),
  },
  'kernelModules.modules.sources': {
    subject: row => `${row.text('directive')} line in ${row.text('path')}:${row.text('line')}`,
  },
  'kernelModules.hiddenFiles': { subject: row => `masked file ${row.text('')}` },
  'kernelModules.taintFlags': { subject: row => `kernel taint ${row.text('')}` },
  'firewall.ufwRules': { subject: row => `ufw rule ${ufwRule(row)}`, position: 'position' },
  'firewall.chains': {
    subject: row => `${row.text('source')} chain ${row.text('family')} ${row.text('table')} ${row.text('chain')}`,
  },
  'firewall.exposures': {
    subject: row => `reach of ${socket(row)} by ${row.text('family')}`,
    came: row => reach(row),
    went: () => 'is gone with the port',
  },
  'host.bootParameters': { subject: row => `boot parameter ${bootParameter(row)}`, position: 'position' },
  'host.containerRuntimes': { subject: row => `container runtime ${row.text('')}` },
  'host.kubernetesRoles': { subject: row => `Kubernetes role ${row.text('')}` },
  'apparmor.profiles': {
    subject: row => `AppArmor profile ${row.text('name')}`,
    came: row => `loaded in mode ${row.text('mode')}`,
    went: () => 'unloaded',
  },
  'apparmor.files': { subject: row => `AppArmor profile file ${row.text('path')}` },
  'apparmor.unconfinedWithProfile': {
    subject: row => `${row.text('executable')} without its AppArmor profile ${row.text('profile')}`,
    came: () => 'runs',
    went: () => 'runs no longer',
  },
  'seccomp.profiles': { subject: row => `seccomp profile ${row.text('path')}` },
  'seccomp.directories': { subject: row => `seccomp directory ${row.text('path')}` },
  'seccomp.actionsAvailable': { subject: row => `seccomp action ${row.text('')}` },
  'kubelet.kubelets': { subject: row => row.text('id') },
  'kubelet.kubelets.unknownKeys': { subject: row => `unknown key ${row.text('')}` },
  'kubelet.kubelets.ignoredDropIns': { subject: row => `ignored drop-in ${row.text('')}` },
  'kubelet.endpoints': { subject: row => `${row.text('kubelet')} endpoint ${row.text('endpoint')}` },
  'kubelet.files': { subject: row => `${row.text('role')} ${row.text('path')}` },
  'files.paths': { subject: row => row.text('path'), came: () => 'is there', went: () => 'is gone' },
  'files.mounts': { subject: row => `mount of ${row.text('path')}` },
  'files.fileSystems': { subject: row => `walked file system ${row.text('')}` },
  'files.setIdFiles': { subject: row => `set-id file ${row.text('path')} (${row.text('mode')})` },
  'files.capabilityFiles': {
    subject: row =>
      `file ${row.text('path')} with ${row
        .rows('permitted')
        .map(capability => capability.text(''))
        .join(', ')}`,
  },
  'files.worldWritableFiles': { subject: row => `world-writable file ${row.text('')}` },
  'files.worldWritableDirectories': { subject: row => `world-writable directory ${row.text('')} without sticky bit` },
  'files.unowned': { subject: row => `${row.text('path')} of nobody (${row.text('uid')}:${row.text('gid')})` },
}

/** Every facet has this list. */
export const gapWords: ListWords = {
  subject: row => `${row.text('field')} from ${row.text('source')}`,
  came: row => `${row.text('effect') === 'omitted' ? 'became unknown' : 'may lack rows'}: ${reason(row)}`,
  went: () => 'is known again',
}

function reason(row: Row): string {
  return row.text('detail') === '' ? row.text('state') : `${row.text('state')} (${row.text('detail')})`
}

function socket(row: Row): string {
  const address = row.text('address')
  return `${address.includes(':') ? `[${address}]` : address}:${row.text('port')}/${row.text('protocol')}`
}

/** `dropped (ip filter INPUT: policy drop)`, `conditional from 10.0.0.0/8 (…)`. */
function reach(row: Row): string {
  const condition = row.text('condition')
  return `${row.text('verdict')}${condition === '' ? '' : ` ${condition}`} (${row.text('decidedBy')})`
}

function by(holders: readonly Row[]): string {
  const names = [...new Set(holders.map(holder => holder.text('process')))]
  return names.length === 0 ? '' : ` by ${names.join(', ')}`
}

function owner(row: Row): string {
  const user = row.text('user') === '' ? `uid ${row.text('uid')}` : row.text('user')
  return ` (${user}${row.text('unit') === '' ? '' : `, ${row.text('unit')}`})`
}

function sudoTag(row: Row): string {
  const commands = row
    .rows('commands')
    .map(command => command.text(''))
    .join(', ')
  const what = row.flag('all') ? '' : ` on ${commands}`
  return `${what} as ${row.text('runAs')}${row.flag('nopasswd') ? ' without password' : ''}`
}

function ufwRule(row: Row): string {
  const target = row.text('toApp') || `${row.text('to')} port ${row.text('toPort')}/${row.text('protocol')}`
  const from = row.text('fromApp') || row.text('from')
  return `${row.text('action')} ${row.text('direction')} ${row.text('family')} from ${from} to ${target}`
}

function bootParameter(row: Row): string {
  return row.text('value') === '' ? row.text('name') : `${row.text('name')}=${row.text('value')}`
}

/** A row, or an item of a set, to be asked for by name; the empty name is the item itself. */
export function rowOf(value: JsonValue): Row {
  const field = (name: string): JsonValue | undefined => {
    if (name === '') return value
    if (typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined
    return (value as JsonObject)[name]
  }
  return {
    value,
    text(name) {
      const found = field(name)
      return found === undefined || typeof found === 'object' ? '' : String(found)
    },
    flag: name => field(name) === true,
    rows(name) {
      const found = field(name)
      return Array.isArray(found) ? found.map(rowOf) : []
    },
    has: name => field(name) !== undefined,
  }
}
