// Finds the profiles that a file of AppArmor policy defines at its top level, without understanding their rules.
import { apparmorTokens } from './apparmor-words.ts'

export interface AppArmorProfile {
  /** as the kernel lists it, except for variables, which stay as written */
  readonly name: string
  /** pattern of executables that it is put on, empty when it is only entered by name */
  readonly attachment: string
  /** such as complain or attach_disconnected */
  readonly flags: readonly string[]
}

export interface AppArmorFile {
  readonly profiles: readonly AppArmorProfile[]
  /** values by name, without the marks: `exec_path` */
  readonly variables: ReadonlyMap<string, readonly string[]>
  /** line of a block that is not closed, or of a brace that closes none; 0 when the braces fit */
  readonly malformed: number
}

interface Block {
  readonly line: number
  readonly isProfile: boolean
}

export function parseAppArmorProfile(text: string): AppArmorFile {
  const profiles: AppArmorProfile[] = []
  const variables = new Map<string, string[]>()
  const blocks: Block[] = []
  let words: string[] = []
  let profileDepth = 0
  let inList = false
  let malformed = 0
  for (const token of apparmorTokens(text)) {
    if (token.kind === 'word') {
      words.push(token.text)
      inList = (inList || /^(?:\(|[a-z]+=?\()/.test(token.text)) && !token.text.includes(')')
    } else if (token.kind === 'variable') {
      const values = variables.get(token.name)
      if (values) values.push(...token.values)
      else variables.set(token.name, [...token.values])
    } else if (token.kind !== 'comma' || !inList) {
      // `flags=(a, b)`: a comma inside of a list ends no rule
      const profile = token.kind === 'open' ? profileOf(words) : undefined
      if (profile && profileDepth === 0) profiles.push(profile)
      if (token.kind === 'open') blocks.push({ line: token.line, isProfile: profile !== undefined })
      if (profile) profileDepth += 1
      if (token.kind === 'close') {
        const block = blocks.pop()
        if (!block) malformed ||= token.line
        else if (block.isProfile) profileDepth -= 1
      }
      words = []
      inList = false
    }
  }
  return { profiles, variables, malformed: malformed || (blocks[0]?.line ?? 0) }
}

/**
 * `profile NAME [ATTACHMENT] [OPTIONS] {` or `ATTACHMENT [OPTIONS] {`. Hats, conditions and rule blocks are no profiles
 * of their own.
 */
function profileOf(words: readonly string[]): AppArmorProfile | undefined {
  const isNamed = words[0] === 'profile'
  const [name, next] = isNamed ? words.slice(1) : words
  if (name === undefined || (!isNamed && !/^(?:\/|@\{|:)/.test(name))) return undefined
  const rest = words.slice(isNamed ? 2 : 1)
  const attachment = isNamed && next !== undefined && isPath(next) ? next : isPath(name) ? name : ''
  return { name: inNamespace(name), attachment: attachment.replace(/^:[^:]+:(?:\/\/)?/, ''), flags: flagsOf(rest) }
}

const isPath = (word: string) => /^(?::[^:]+:(?:\/\/)?)?(?:\/|@\{)/.test(word)

/** The kernel writes `:ns:name` as `:ns://name`. */
const inNamespace = (name: string) => name.replace(/^:([^:]+):(?!\/\/)/, ':$1://')

/** `flags=(a, b)`, or the old form without `flags=`. */
function flagsOf(words: readonly string[]): readonly string[] {
  const options = words.join(' ').replace(/xattrs *= *\([^)]*\)?/g, '')
  const list = /\(([^)]*)\)/.exec(options)?.[1] ?? ''
  return list.split(/[\s,]+/).filter(flag => flag !== '')
}
