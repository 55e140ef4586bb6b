// Options that several commands share, and how their values are read.
import { InvalidArgumentError, Option } from 'commander'
import { type Severity, severities } from '../../policy/check.ts'
import { usageError } from '../../runtime/errors.ts'
import type { Probe } from '../probe.ts'
import { probes } from '../probes.generated.ts'

export const rootOption = () =>
  new Option('--root <dir>', 'look at the host mounted here: /host in a pod, an image, a disk').default('/')

export const portProbesOption = () => new Option('--no-port-probes', 'send no anonymous request to the kubelet’s ports')

export const kubeletTokenOption = () =>
  new Option('--kubelet-token-file <file>', 'also ask kubelets what they run with: a token that may get nodes/configz')

/** `--probe ports,kubelet --probe host` */
export const list = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...value
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== ''),
]

export function severity(value: string): Severity {
  const found = severities.find(item => item === value)
  if (!found) throw new InvalidArgumentError(`expected one of ${severities.join(', ')}.`)
  return found
}

/** @throws GabionError (usage) naming the unknown probe and those there are */
export function selectProbes(names: readonly string[] | undefined): readonly Probe[] {
  if (!names || names.length === 0) return probes
  const unknown = names.find(name => !probes.some(probe => probe.name === name))
  if (unknown !== undefined) {
    throw usageError(`unknown probe '${unknown}'; there are ${probes.map(probe => probe.name).join(', ')}`)
  }
  return probes.filter(probe => names.includes(probe.name))
}

export function days(value: string): number {
  if (!/^\d{1,4}$/.test(value)) throw new InvalidArgumentError('expected a number of days.')
  return Number(value)
}
