// Reads the options of k3s and RKE2 that concern their kubelet, from arguments and from configuration files.
import { parse } from 'yaml'
import { type ConfigObject, isObject } from './kubernetes-document.ts'

export interface RancherOptions {
  /** `name=value` without dashes, in order */
  readonly kubeletArgs: readonly string[]
  readonly config?: string | undefined
  readonly dataDir?: string | undefined
  readonly rootDir?: string | undefined
  readonly protectKernelDefaults?: boolean | undefined
  readonly disableAgent?: boolean | undefined
  readonly nodeName?: string | undefined
  /** an id of the host's own is put behind the name */
  readonly withNodeId?: boolean | undefined
}

export interface RancherConfig extends RancherOptions {
  /** the file's kubelet arguments stand for those of files before it */
  readonly replacesKubeletArgs: boolean
}

/** @param words the arguments after `server` or `agent` */
export function readRancherOptions(words: readonly string[]): RancherOptions {
  const flag = (name: string) => words.includes(`--${name}`) || words.includes(`--${name}=true`)
  return {
    kubeletArgs: optionsOf(words, ['kubelet-arg']),
    config: optionOf(words, ['config', 'c']),
    dataDir: optionOf(words, ['data-dir', 'd']),
    rootDir: optionOf(words, ['root-dir']),
    protectKernelDefaults: flag('protect-kernel-defaults') || undefined,
    disableAgent: flag('disable-agent') || undefined,
    nodeName: optionOf(words, ['node-name']),
    withNodeId: flag('with-node-id') || undefined,
  }
}

const optionOf = (words: readonly string[], names: readonly string[]) => optionsOf(words, names).at(-1)

/** Values of an option in order, `--name value` and `--name=value`. */
export function optionsOf(words: readonly string[], names: readonly string[]): readonly string[] {
  const values: string[] = []
  const spelled = names.flatMap(name => (name.length === 1 ? [`-${name}`] : [`--${name}`, `-${name}`]))
  for (const [index, word] of words.entries()) {
    const [name = '', ...rest] = word.split('=')
    if (!spelled.includes(name)) continue
    const value = rest.length > 0 ? rest.join('=') : words[index + 1]
    if (value !== undefined) values.push(value)
  }
  return values
}

/** A configuration file: YAML whose keys are the long options. Undefined when it is not a mapping. */
export function parseRancherConfig(text: string): RancherConfig | undefined {
  const values = parseRancherValues(text)
  return values && { ...optionsOfFile(values), replacesKubeletArgs: Object.hasOwn(values, 'kubelet-arg') }
}

/** The mapping of a configuration file; empty for an empty file, undefined when it is none. */
export function parseRancherValues(text: string): ConfigObject | undefined {
  try {
    const values: unknown = parse(text, { maxAliasCount: 100, logLevel: 'error' })
    return values === null ? {} : isObject(values) ? values : undefined
  } catch {
    return undefined
  }
}

function optionsOfFile(values: ConfigObject): RancherOptions {
  const text = (key: string) => (typeof values[key] === 'string' ? values[key] : undefined)
  const flag = (key: string) => (typeof values[key] === 'boolean' ? values[key] : undefined)
  const list = (key: string) => [values[key] ?? []].flat().filter(item => typeof item === 'string')
  return {
    kubeletArgs: [...list('kubelet-arg'), ...list('kubelet-arg+')],
    dataDir: text('data-dir'),
    rootDir: text('root-dir'),
    protectKernelDefaults: flag('protect-kernel-defaults'),
    disableAgent: flag('disable-agent'),
    nodeName: text('node-name'),
    withNodeId: flag('with-node-id'),
  }
}
