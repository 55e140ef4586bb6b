// Reads the options of k3s that concern its embedded control plane, from arguments and from configuration files.
import type { ConfigObject } from './kubernetes-document.ts'
import { optionsOf } from './rancher-options.ts'
import { serverAddress } from './server-address.ts'

export interface RancherServer {
  readonly config: string | undefined
  readonly dataDir: string | undefined
  readonly bindAddress: string
  /** addresses of an etcd that is not k3s' own, without anything secret; empty for other data stores */
  readonly etcdServers: readonly string[]
  readonly secretsEncryption: boolean
  /** `name=value` for each embedded program, in order */
  readonly apiServerArgs: readonly string[]
  readonly controllerManagerArgs: readonly string[]
  readonly schedulerArgs: readonly string[]
  readonly kubeProxyArgs: readonly string[]
  readonly disabled: {
    readonly apiServer: boolean
    readonly controllerManager: boolean
    readonly scheduler: boolean
    readonly kubeProxy: boolean
  }
}

/** @param words those of configuration files before those of the command line, without the program and `server` */
export function readRancherServer(words: readonly string[]): RancherServer {
  const last = (...names: readonly string[]) => optionsOf(words, names).at(-1)
  const endpoint = last('datastore-endpoint') ?? ''
  const all = (...names: readonly string[]) => optionsOf(words, names)
  return {
    config: last('config', 'c'),
    dataDir: last('data-dir', 'd'),
    bindAddress: last('bind-address') ?? '',
    etcdServers: /^https?:/.test(endpoint) ? endpoint.split(',').flatMap(url => serverAddress(url) ?? []) : [],
    secretsEncryption: isSet(words, 'secrets-encryption'),
    apiServerArgs: all('kube-apiserver-arg'),
    controllerManagerArgs: all('kube-controller-manager-arg', 'kube-controller-arg'),
    schedulerArgs: all('kube-scheduler-arg'),
    kubeProxyArgs: all('kube-proxy-arg'),
    disabled: {
      apiServer: isSet(words, 'disable-apiserver'),
      controllerManager: isSet(words, 'disable-controller-manager'),
      scheduler: isSet(words, 'disable-scheduler'),
      kubeProxy: isSet(words, 'disable-kube-proxy'),
    },
  }
}

/**
 * Configuration files in order as the arguments that they stand for: a key of a later file replaces that of an earlier
 * one, with `+` behind it the values are added.
 */
export function rancherConfigWords(files: readonly ConfigObject[]): readonly string[] {
  const merged = new Map<string, readonly string[]>()
  for (const [key, value] of files.flatMap(file => Object.entries(file))) {
    const name = key.replace(/\+$/, '')
    const values = [value].flat().flatMap(item => (typeof item === 'object' ? [] : [String(item)]))
    merged.set(name, key === name ? values : [...(merged.get(name) ?? []), ...values])
  }
  return [...merged].flatMap(([name, values]) => values.map(value => `--${name}=${value}`))
}

/**
 * The arguments of an embedded program: what users give replaces what k3s gives under the same name; `name+=value` is
 * put behind it and `name-=value` in front.
 */
export function embeddedArguments(
  builtIn: Readonly<Record<string, string>>,
  extra: readonly string[],
): { readonly builtIn: readonly string[]; readonly given: readonly string[] } {
  const given = new Map<string, readonly string[]>()
  for (const argument of extra) {
    const [, name = '', sign = '', value = 'true'] = /^(?:--)?([^=]*?)([+-]?)(?:=(.*))?$/s.exec(argument) ?? []
    const before = given.get(name)
    const initial = before === undefined && sign !== '' && Object.hasOwn(builtIn, name) ? [builtIn[name] ?? ''] : []
    const known = [...initial, ...(before ?? [])]
    given.set(name, sign === '-' ? [value, ...known] : [...known, value])
  }
  const kept = Object.entries(builtIn).filter(([name]) => !given.has(name))
  return {
    builtIn: kept.map(([name, value]) => `--${name}=${value}`),
    given: [...given].flatMap(([name, values]) => values.map(value => `--${name}=${value}`)),
  }
}

function isSet(words: readonly string[], name: string): boolean {
  const last = words.findLast(word => word === `--${name}` || word.startsWith(`--${name}=`))
  return last !== undefined && !/=(?:0|f|F|false|FALSE|False)$/.test(last)
}
